//! The sandbox as a vault and a browser meet it.

// The lints leave alone what stands in a module for tests; of a test binary they do not know it otherwise.
#[cfg(test)]
mod authorize;
#[cfg(test)]
mod control;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod revoke;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod token;
#[cfg(test)]
mod users;
#[cfg(test)]
mod visitor;
