//! The portal's Rust snippet: it compiles as it stands.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "a backend of somebody else: a client and settings of its own, and an index that answers null"
)]

include!("../../app/snippets/session.rs");
