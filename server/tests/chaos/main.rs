//! Real servers are killed, stopped and restarted, and no token is lost.
//!
//! `cargo test -p server --test chaos` is the short form; `make chaos` the long one. `CHAOS_KILLS` says how many kills a
//! run makes, `CHAOS_SEED` repeats one: a run prints its seed.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets what it does not expect fails loudly"
)]

mod backend;
mod crash;
mod dice;
mod figures;
mod restarts;
mod server;
mod settle;
mod step;
mod stopped;
mod world;
