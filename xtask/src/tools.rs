//! Where things are, and how other programs are run.

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A result whose error is a sentence for the terminal.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

pub(crate) const WASM: &str = "wasm32-unknown-unknown";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Dev,
    Release,
}

impl Mode {
    pub(crate) const fn server_profile(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }

    pub(crate) const fn wasm_profile(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "wasm-release",
        }
    }
}

/// The workspace.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// Where the build of a profile ends up, below cargo's target folder.
pub(crate) fn target(triple: &str, profile: &str) -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join(triple).join(if profile == "dev" { "debug" } else { profile })
}

pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

pub(crate) fn cargo_build(package: &str, profile: &str, more: &[&str]) -> Outcome {
    run(cargo().args(["build", "--locked", "--package", package, "--profile", profile]).args(more))
}

/// The server that `cargo xtask build` made.
pub(crate) fn server(args: &[String]) -> Command {
    let mut server = Command::new(target("", "dev").join("keybearer"));
    server.arg("serve").args(args).current_dir(root());
    server
}

pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| format!("{}: {error}", name(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{} failed ({status})", name(command)).into()) }
}

/// What a program printed; its complaints go to the terminal.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let output = command.output().map_err(|error| format!("{}: {error}", name(command)))?;
    if !output.status.success() {
        return Err(format!("{} failed:\n{}", name(command), String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let args = command.get_args().map(|arg| arg.to_string_lossy());
    let words: Vec<_> = std::iter::once(program.to_string_lossy()).chain(args).collect();
    format!("`{}`", words.join(" "))
}
