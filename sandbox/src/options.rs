use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
};

/// Where the sandbox listens and who may control it.
#[derive(Clone, Debug)]
pub struct Options {
    /// The address to bind; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What the control page and API ask for as `Authorization: Bearer …`. Needed beyond loopback; where it is set it
    /// is asked for on loopback too.
    pub control_token: Option<String>,
}

impl Default for Options {
    /// A free port of 127.0.0.1, controlled without a token.
    fn default() -> Self {
        Self { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), control_token: None }
    }
}

impl Options {
    pub(crate) fn check(&self) -> io::Result<()> {
        match &self.control_token {
            Some(token) if token.trim().is_empty() => Err(invalid("The sandbox's control token is empty.")),
            None if !self.listen.ip().is_loopback() => Err(invalid(
                "The sandbox listens beyond loopback, where anybody could control it: set a control token \
                 (KEYBEARER_SANDBOX_TOKEN) or listen on 127.0.0.1.",
            )),
            _ => Ok(()),
        }
    }
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}
