//! The browser's half: wasm and its script by wasm-bindgen, and the style sheets.

use crate::tools::{self, Mode, Outcome, WASM};
use crate::{compress, style};
use std::fs;
use std::path::Path;
use std::process::{self, Command};
use wasm_bindgen_cli_support::Bindgen;

pub(crate) fn build(mode: Mode) -> Outcome {
    wasm_target()?;
    tools::cargo_build("frontend", mode.wasm_profile(), &["--lib", "--target", WASM])?;
    let wasm = tools::target(WASM, mode.wasm_profile()).join("frontend.wasm");
    let pkg = tools::root().join("site/pkg");
    if mode == Mode::Dev && is_current(&wasm, &pkg) {
        return sheets(&pkg);
    }
    // Made beside the old one and then put in its place, since a server may be reading there or another build writing.
    let next = tools::root().join(format!("site/next-{}", process::id()));
    remove(&next)?;
    fs::create_dir_all(&next)?;
    bindgen(&wasm, &next, mode)?;
    sheets(&next)?;
    if mode == Mode::Release {
        compress::all(&next)?;
    }
    remove(&pkg)?;
    Ok(fs::rename(next, pkg)?)
}

fn sheets(folder: &Path) -> Outcome {
    for sheet in ["app", "connect", "docs"] {
        fs::write(folder.join(sheet).with_extension("css"), style::join(sheet)?)?;
    }
    Ok(())
}

fn remove(folder: &Path) -> Outcome {
    if folder.exists() { Ok(fs::remove_dir_all(folder)?) } else { Ok(()) }
}

fn bindgen(wasm: &Path, folder: &Path, mode: Mode) -> Outcome {
    let release = mode == Mode::Release;
    Bindgen::new()
        .input_path(wasm)
        .out_name("app")
        .web(true)?
        .typescript(false)
        .remove_name_section(release)
        .remove_producers_section(release)
        .generate(folder)?;
    Ok(fs::rename(folder.join("app_bg.wasm"), folder.join("app.wasm"))?)
}

/// Whether the folder holds what bindgen made of this very wasm, and nothing of a release.
fn is_current(wasm: &Path, pkg: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
    let made = pkg.join("app.wasm");
    !pkg.join("app.wasm.br").exists() && changed(&made).is_some() && changed(&made) > changed(wasm)
}

fn wasm_target() -> Outcome {
    let libraries = tools::output(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM]))?;
    if Path::new(libraries.trim()).exists() {
        return Ok(());
    }
    Err(format!("the compiler cannot build for browsers yet: run `rustup target add {WASM}`").into())
}
