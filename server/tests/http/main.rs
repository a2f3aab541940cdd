//! The server by its door: a real listener, a real database, and the sandbox provider on a port. Paths mirror URLs.

mod connect;
mod health;
mod host;
mod oauth;
mod same_origin;
mod secrets;
mod support;
mod v1;
