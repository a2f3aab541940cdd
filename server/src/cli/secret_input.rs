//! Secrets come from standard input, never from an argument: those can be read by everybody on the machine.

use super::failure::Failure;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::io::{BufRead as _, IsTerminal as _, Read as _};
use std::path::Path;
use vault::Secret;
use zeroize::Zeroizing;

/// Longer than any password or client secret.
const LONGEST: u64 = 16 * 1024;

/// Reads a secret: one line at a terminal, without echo; otherwise everything, without one trailing newline.
pub(super) fn read(what: &str) -> Result<Secret, Failure> {
    let stdin = std::io::stdin();
    let failed = |error| Failure::refused(format!("the {what} cannot be read from standard input: {error}"));
    let mut text = Zeroizing::new(String::new());
    if stdin.is_terminal() {
        eprint!("{what} (not shown): ");
        let _silence = Silence::begin();
        stdin.lock().read_line(&mut text).map_err(failed)?;
        eprintln!();
    } else {
        stdin.lock().take(LONGEST).read_to_string(&mut text).map_err(failed)?;
    }
    line_of(what, &text, "give it on standard input")
}

/// Reads a secret from a file, without one trailing newline.
pub(super) fn read_file(what: &str, file: &Path) -> Result<Secret, Failure> {
    let failed = |error| Failure::refused(format!("the {what} cannot be read from {}: {error}", file.display()));
    let mut text = Zeroizing::new(String::new());
    std::fs::File::open(file).map_err(failed)?.take(LONGEST).read_to_string(&mut text).map_err(failed)?;
    line_of(what, &text, "write it into the file")
}

/// Reads a whole document that holds secrets, from a file or from standard input, whether or not it is text.
pub(super) fn read_document(what: &str, file: Option<&Path>) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let file = file.filter(|file| *file != Path::new("-"));
    let from = file.map_or_else(|| "standard input".to_owned(), |file| file.display().to_string());
    let failed = |error| Failure::refused(format!("the {what} cannot be read from {from}: {error}"));
    let mut bytes = Zeroizing::new(Vec::new());
    match file {
        Some(file) => std::fs::File::open(file).map_err(failed)?.read_to_end(&mut bytes).map_err(failed)?,
        None => std::io::stdin().lock().read_to_end(&mut bytes).map_err(failed)?,
    };
    Ok(bytes)
}

fn line_of(what: &str, text: &str, cure: &str) -> Result<Secret, Failure> {
    let line = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    if line.is_empty() {
        return Err(Failure::refused(format!("the {what} is empty: {cure}")));
    }
    Ok(Secret::new(line.to_owned()))
}

/// The terminal does not echo while this lives.
struct Silence(Option<Termios>);

impl Silence {
    fn begin() -> Self {
        let before = tcgetattr(rustix::stdio::stdin()).ok();
        if let Some(mut modes) = before.clone() {
            modes.local_modes.remove(LocalModes::ECHO);
            let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Flush, &modes);
        }
        Self(before)
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Flush, before);
        }
    }
}
