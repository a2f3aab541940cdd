//! A release build embeds the site, so it looks again when a file has come or gone there.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var_os("PROFILE").is_some_and(|profile| profile == "release") {
        println!("cargo:rerun-if-changed=../site/pkg");
    }
}
