//! A mail server that keeps what it is given, on a port of its own.

use crate::{MailServer, Mailer, Secret, Sender};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// The mail server. It ends with the test.
pub struct TestMail {
    /// Where it listens.
    pub url: String,
    kept: Arc<Kept>,
}

#[derive(Default)]
struct Kept {
    letters: Mutex<Vec<Letter>>,
    refuses: Mutex<bool>,
    came: Notify,
}

/// A letter as the server got it.
#[derive(Clone)]
pub struct Letter {
    /// Whom the sender named, one for each `RCPT TO`.
    pub recipients: Vec<String>,
    /// Headers and text, with quoted-printable's soft breaks undone.
    pub text: String,
}

impl TestMail {
    /// Starts one.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let kept = Arc::new(Kept::default());
        let keeps = Arc::clone(&kept);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&keeps)));
            }
        });
        Self { url, kept }
    }

    /// Sends to it.
    pub fn mailer(&self) -> Mailer {
        let server = MailServer::parse(&Secret::new(self.url.clone())).unwrap();
        Mailer::new(server, Sender::parse("Keybearer <keybearer@example.com>").unwrap())
    }

    /// Refuses every recipient from now on, in words that repeat the address.
    pub fn refuse(&self) {
        *self.kept.refuses.lock().unwrap() = true;
    }

    /// The letters so far.
    pub fn letters(&self) -> Vec<Letter> {
        self.kept.letters.lock().unwrap().clone()
    }

    /// Waits until there are so many letters, and gives the last.
    pub async fn letter(&self, count: usize) -> Letter {
        loop {
            let came = self.kept.came.notified();
            if let Some(letter) = self.letters().get(count - 1) {
                return letter.clone();
            }
            came.await;
        }
    }
}

impl Letter {
    /// The secret at the end of the link in it.
    pub fn secret(&self) -> String {
        let line = self.text.lines().find(|line| line.starts_with("http")).expect("a link on a line of its own");
        line.rsplit('/').next().unwrap_or_default().to_owned()
    }
}

/// As much SMTP as is needed (RFC 5321).
async fn talk(stream: TcpStream, kept: Arc<Kept>) {
    let mut stream = BufReader::new(stream);
    let (mut recipients, mut line) = (Vec::new(), String::new());
    let mut answer = "220 test\r\n".to_owned();
    loop {
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
        line.clear();
        if stream.read_line(&mut line).await.unwrap_or_default() == 0 {
            return;
        }
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        answer = match verb.as_str() {
            "EHLO" => "250 test\r\n".to_owned(),
            "RCPT" if *kept.refuses.lock().unwrap() => format!("550 nobody here: {}\r\n", line.trim()),
            "RCPT" => {
                recipients.push(line.trim().to_owned());
                "250 ok\r\n".to_owned()
            }
            "DATA" => {
                if stream.write_all(b"354 go on\r\n").await.is_err() {
                    return;
                }
                let text = data(&mut stream).await.replace("=\r\n", "").replace("=3D", "=");
                kept.letters.lock().unwrap().push(Letter { recipients: std::mem::take(&mut recipients), text });
                kept.came.notify_waiters();
                "250 kept\r\n".to_owned()
            }
            "QUIT" => return,
            _ => "250 ok\r\n".to_owned(),
        };
    }
}

async fn data(stream: &mut BufReader<TcpStream>) -> String {
    let mut text = String::new();
    loop {
        let before = text.len();
        if stream.read_line(&mut text).await.unwrap_or_default() == 0 || text.get(before..) == Some(".\r\n") {
            return text;
        }
    }
}
