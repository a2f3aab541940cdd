# The two commands of the README come first; each sets up what it needs.

run: ## builds and starts Keybearer on SQLite with the sandbox provider
	@rustup target add wasm32-unknown-unknown >/dev/null 2>&1 || true
	KEYBEARER_SANDBOX_LISTEN=127.0.0.1:4001 KEYBEARER_CATALOGUE_DIR=dev/catalogue cargo xtask run

test: setup lint ## installs what it lacks, then passes everything
	cargo test --locked --workspace --exclude frontend
	.ci/with-postgres cargo test --locked --workspace --exclude frontend --lib --test vault --test http --test chaos
	cargo xtask build
	cd end2end && npx playwright test

setup:
	.ci/setup

lint: ## formatting, lints of both halves, borders, documentation
	cargo fmt --all --check
	cargo clippy --locked --workspace --exclude frontend --all-targets -- -D warnings
	cargo clippy --locked -p frontend --target wasm32-unknown-unknown -- -D warnings
	cargo xtask borders
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps -p model -p vault -p sandbox

dev: ## rebuilds and restarts on each change
	KEYBEARER_SANDBOX_LISTEN=127.0.0.1:4001 KEYBEARER_CATALOGUE_DIR=dev/catalogue cargo xtask dev

fmt:
	cargo fmt --all

release: ## target/release/keybearer: one file to ship
	@rustup target add wasm32-unknown-unknown >/dev/null 2>&1 || true
	cargo xtask build --release

chaos: ## kills, stops and restarts real servers for about half an hour, on both databases
	CHAOS_KILLS=150 cargo test --locked -p server --test chaos -- --include-ignored --test-threads=1
	CHAOS_KILLS=150 .ci/with-postgres cargo test --locked -p server --test chaos -- --include-ignored --test-threads=1

bench: ## ratios within one run, on both databases; QUICK=1 to see that it works
	@rustup target add wasm32-unknown-unknown >/dev/null 2>&1 || true
	cargo xtask build --release
	cargo run --locked --release -p bench

lighthouse: release ## Lighthouse on overview, connected accounts, set-up page and connect page
	cd end2end/lighthouse && npm ci && KEYBEARER=$(CURDIR)/target/release/keybearer node run.mjs

fuzz-api: ## every operation of the API's description with made-up input, with a key and without
	.ci/fuzz-api

deny: ## licences, sources, bans
	cargo deny check bans licenses sources

.PHONY: run test setup lint dev fmt release chaos bench lighthouse fuzz-api deny
