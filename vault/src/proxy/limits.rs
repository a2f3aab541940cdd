//! What the operator allows a proxied call: time and size.

use std::time::Duration;

/// Time-outs and size limits of proxied calls. There is none on how long a stream that goes on may last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProxyLimits {
    /// How long a connection to the provider may take.
    pub connect: Duration,
    /// How long the provider may take, once it has the whole request, until its answer begins.
    pub answer: Duration,
    /// How long nothing may move in a body or a WebSocket.
    pub idle: Duration,
    /// The most bytes of a request's body; `None` for any number.
    pub request_bytes: Option<u64>,
    /// The most bytes of an answer's body; `None` for any number.
    pub response_bytes: Option<u64>,
}

impl Default for ProxyLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(60),
            idle: Duration::from_secs(60),
            request_bytes: None,
            response_bytes: None,
        }
    }
}
