//! Build, serve, and again after each change. Changes are found by looking at the files twice a second.

use crate::tools::{self, Mode, Outcome};
use std::fs;
use std::path::Path;
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

const WATCHED: [&str; 10] =
    ["model", "vault", "app", "frontend", "server", "sandbox", "style", "providers", "migrations", "Cargo.toml"];

const PAUSE: Duration = Duration::from_millis(500);

pub(crate) fn watch(args: &[String]) -> Outcome {
    let mut server: Option<Child> = None;
    loop {
        let seen = state()?;
        match crate::build(Mode::Dev) {
            Ok(()) => server = Some(restart(server.take(), args)?),
            // The old server, if there is one, goes on.
            Err(error) => eprintln!("xtask: {error}; waiting for the next change"),
        }
        while state()? == seen {
            sleep(PAUSE);
        }
    }
}

fn restart(old: Option<Child>, args: &[String]) -> Outcome<Child> {
    if let Some(mut old) = old {
        old.kill()?;
        old.wait()?;
    }
    Ok(tools::server(args).spawn()?)
}

/// How many files there are, and when the latest was changed.
fn state() -> Outcome<(usize, SystemTime)> {
    let mut state = (0, SystemTime::UNIX_EPOCH);
    for name in WATCHED {
        look(&tools::root().join(name), &mut state)?;
    }
    Ok(state)
}

fn look(path: &Path, state: &mut (usize, SystemTime)) -> Outcome {
    // A file may be gone between listing and looking: editors save by renaming.
    let Ok(found) = fs::metadata(path) else { return Ok(()) };
    if found.is_dir() {
        for entry in fs::read_dir(path)? {
            look(&entry?.path(), state)?;
        }
        return Ok(());
    }
    let (count, latest) = *state;
    *state = (count + 1, latest.max(found.modified()?));
    Ok(())
}
