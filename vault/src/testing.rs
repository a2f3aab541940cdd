//! For tests: a vault on a database of its own, a clock that stands still, and the sandbox provider on a port.

#![expect(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "test support fails loudly")]

pub use sandbox;
