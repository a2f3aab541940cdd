//! The yardstick: a handler that makes the statement of a token read, over connections like the vault's, and nothing else.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use vault::testing::BareReads;

/// Serves until it is killed.
#[expect(clippy::disallowed_methods, reason = "this process is told by the one that starts it")]
pub(crate) async fn serve() {
    let told = |name: &str| std::env::var(name).unwrap();
    let listener = TcpListener::bind(told("BENCH_LISTEN")).await.unwrap();
    let reads = BareReads::open(&told("BENCH_DATABASE"), &told("BENCH_KEY")).await;
    let router = Router::new()
        .route("/readyz", get(async || StatusCode::OK))
        .route("/v1/connected-accounts/{id}/token", post(read))
        .with_state(reads);
    axum::serve(listener, router).await.unwrap();
}

async fn read(State(reads): State<BareReads>, Path(id): Path<String>) -> StatusCode {
    if reads.token_read(&id).await { StatusCode::OK } else { StatusCode::NOT_FOUND }
}
