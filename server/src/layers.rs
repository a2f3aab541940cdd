//! What every request passes on its way to a handler and back.

pub(crate) mod body_limit;
pub(crate) mod host;
pub(crate) mod panic;
pub(crate) mod rate_limit;
pub(crate) mod request_log;
pub(crate) mod same_origin;
pub(crate) mod security_headers;
pub(crate) mod visitor;
