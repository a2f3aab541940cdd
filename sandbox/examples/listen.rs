//! A sandbox on its own: `cargo run -p sandbox --example listen 127.0.0.1:4010`

use sandbox::{BUILT_IN_CLIENT_ID, BUILT_IN_CLIENT_SECRET, Options, Sandbox};
use std::error::Error;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listen = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:4010".into()).parse()?;
    let sandbox = Sandbox::start(Options { listen, control_token: std::env::args().nth(2) }).await?;
    println!("The sandbox is at {}", sandbox.base_url());
    println!("Client ID      {BUILT_IN_CLIENT_ID}");
    println!("Client secret  {BUILT_IN_CLIENT_SECRET}");
    std::future::pending().await
}
