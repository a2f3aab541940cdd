//! What the operator allows proxied calls: time and size.

use super::check::Check;
use clap::Args;
use vault::ProxyLimits;

/// Limits of proxied calls as they are typed.
#[derive(Args, Clone, Default)]
pub struct ProxyArguments {
    /// How many seconds a connection to a provider's API may take, through the proxy [default: 10]
    #[arg(
        long = "proxy-connect-timeout",
        id = "proxy_connect_timeout",
        env = "KEYBEARER_PROXY_CONNECT_TIMEOUT",
        value_name = "SECONDS",
        hide_env_values = true
    )]
    pub connect_timeout: Option<String>,
    /// How many seconds a provider's API may take until its answer begins [default: 60]
    #[arg(
        long = "proxy-answer-timeout",
        id = "proxy_answer_timeout",
        env = "KEYBEARER_PROXY_ANSWER_TIMEOUT",
        value_name = "SECONDS",
        hide_env_values = true
    )]
    pub answer_timeout: Option<String>,
    /// How many seconds nothing may move in a proxied body or WebSocket [default: 60]
    #[arg(
        long = "proxy-idle-timeout",
        id = "proxy_idle_timeout",
        env = "KEYBEARER_PROXY_IDLE_TIMEOUT",
        value_name = "SECONDS",
        hide_env_values = true
    )]
    pub idle_timeout: Option<String>,
    /// The most bytes of a proxied request's body [default: any number]
    #[arg(
        long = "proxy-max-request-bytes",
        id = "proxy_max_request_bytes",
        env = "KEYBEARER_PROXY_MAX_REQUEST_BYTES",
        value_name = "BYTES",
        hide_env_values = true
    )]
    pub max_request_bytes: Option<String>,
    /// The most bytes of a proxied answer's body [default: any number]
    #[arg(
        long = "proxy-max-response-bytes",
        id = "proxy_max_response_bytes",
        env = "KEYBEARER_PROXY_MAX_RESPONSE_BYTES",
        value_name = "BYTES",
        hide_env_values = true
    )]
    pub max_response_bytes: Option<String>,
}

impl ProxyArguments {
    pub(super) fn check(self, check: &mut Check) -> ProxyLimits {
        let usual = ProxyLimits::default();
        ProxyLimits {
            connect: check.seconds("KEYBEARER_PROXY_CONNECT_TIMEOUT", self.connect_timeout, usual.connect),
            answer: check.seconds("KEYBEARER_PROXY_ANSWER_TIMEOUT", self.answer_timeout, usual.answer),
            idle: check.seconds("KEYBEARER_PROXY_IDLE_TIMEOUT", self.idle_timeout, usual.idle),
            request_bytes: check.bytes("KEYBEARER_PROXY_MAX_REQUEST_BYTES", self.max_request_bytes),
            response_bytes: check.bytes("KEYBEARER_PROXY_MAX_RESPONSE_BYTES", self.max_response_bytes),
        }
    }
}
