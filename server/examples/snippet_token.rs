//! The portal's Rust snippet: it compiles as it stands.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a backend of somebody else is a client of its own"
)]

include!("../../app/snippets/token.rs");
