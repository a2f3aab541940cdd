//! nginx before the same upstream, as people set it up: kept connections, and nothing buffered.

use crate::load::Connection;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running nginx, which adds the token as the proxy does.
pub(super) struct Nginx {
    pub(super) address: SocketAddr,
    child: Child,
}

impl Nginx {
    /// `None`, where it is not installed.
    pub(super) async fn start(folder: &Path, upstream: SocketAddr, token: &str) -> Option<Self> {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let file = folder.join("nginx.conf");
        let at = folder.display();
        let text = format!(
            "daemon off; master_process off; pid {at}/nginx.pid; error_log {at}/nginx.log;\n\
             events {{ worker_connections 1024; }}\n\
             http {{\n  access_log off; client_body_temp_path {at}/nb; proxy_temp_path {at}/np; fastcgi_temp_path {at}/nf;\n  \
             uwsgi_temp_path {at}/nu; scgi_temp_path {at}/ns; tcp_nodelay on;\n  \
             upstream api {{ server {upstream}; keepalive 64; }}\n  \
             server {{\n    listen {address}; keepalive_requests 1000000;\n    location / {{\n      proxy_pass http://api; \
             proxy_http_version 1.1; proxy_set_header Connection \"\"; proxy_set_header Host {upstream};\n      \
             proxy_set_header Authorization \"Bearer {token}\"; proxy_buffering off; proxy_request_buffering off;\n    \
             }}\n  }}\n}}\n"
        );
        std::fs::write(&file, text).unwrap();
        let mut command = Command::new("nginx");
        command.arg("-c").arg(&file).arg("-e").arg(folder.join("nginx.log"));
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
        let mut nginx = Self { address, child };
        let mut tries = 0;
        while Connection::open(address).await.is_err() {
            assert!(nginx.child.try_wait().unwrap().is_none() && tries < 200, "nginx does not listen: {}", log(folder));
            tokio::time::sleep(Duration::from_millis(10)).await;
            tries += 1;
        }
        Some(nginx)
    }
}

fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("nginx.log")).unwrap_or_default()
}

impl Drop for Nginx {
    fn drop(&mut self) {
        drop(self.child.kill());
    }
}
