//! One file for each screen.

#[cfg(debug_assertions)]
mod gallery;

#[cfg(debug_assertions)]
pub use gallery::{Gallery, connect_gallery};
/// The gallery is for those who work on the portal.
#[cfg(not(debug_assertions))]
pub use crate::components::NotFound as Gallery;
