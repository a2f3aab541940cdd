//! The build driver. `cargo xtask help` lists what it does.

mod borders;
mod compress;
mod dev;
mod site;
mod style;
mod tools;

use std::env;
use std::process::ExitCode;
use tools::{Mode, Outcome};

const HELP: &str = "\
cargo xtask build [--release]   site, then the server (a release binary holds the site)
cargo xtask site [--release]    wasm, script and style sheets into site/pkg
cargo xtask serve [ARG...]      build, then `keybearer serve ARG...` (also: run)
cargo xtask dev [ARG...]        the same, again after each change
cargo xtask borders             check what may know what";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let (command, rest) = args.split_first().map_or(("help", [].as_slice()), |(first, rest)| (first.as_str(), rest));
    match run(command, rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &str, args: &[String]) -> Outcome {
    match command {
        "build" => build(mode(args)?),
        "site" => site::build(mode(args)?),
        "serve" | "run" => {
            build(Mode::Dev)?;
            tools::run(&mut tools::server(args))
        }
        "dev" => dev::watch(args),
        "borders" => borders::check(),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        unknown => Err(format!("there is no `{unknown}`\n{HELP}").into()),
    }
}

/// The site goes first, since a release server embeds it.
fn build(mode: Mode) -> Outcome {
    site::build(mode)?;
    tools::cargo_build("server", mode.server_profile(), &["--bin", "keybearer"])
}

fn mode(args: &[String]) -> Outcome<Mode> {
    match args {
        [] => Ok(Mode::Dev),
        [flag] if flag == "--release" => Ok(Mode::Release),
        _ => Err(format!("what is `{}`? Only --release is known here", args.join(" ")).into()),
    }
}
