//! Serves the portal without a vault, for work on components: `cargo run -p server --example gallery -- 4100`.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::Html;
use axum::serve::ListenerExt;
use std::error::Error;
use std::sync::Arc;

#[path = "../src/http"]
mod http {
    pub(crate) mod assets;
    pub(crate) mod portal;
}
#[path = "../src/layers"]
mod layers {
    pub(crate) mod same_origin;
    pub(crate) mod security_headers;
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = std::env::args().nth(1).unwrap_or_else(|| "4100".into()).parse::<u16>()?;
    let notice = std::env::args().nth(2);
    let context = move || {
        leptos::prelude::provide_context(app::request::Site {
            https: false,
            now_ms: 1_795_532_400_000,
            notice: notice.clone(),
        });
    };
    let origins: Arc<[String]> = Arc::from([format!("http://localhost:{port}")]);
    let router = Router::new()
        .route("/connect/gallery", axum::routing::get(connect))
        .merge(http::portal::router(context))
        .layer(from_fn_with_state(false, layers::security_headers::security_headers))
        .layer(from_fn_with_state(origins, layers::same_origin::same_origin));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    println!("http://localhost:{port}/gallery");
    Ok(axum::serve(listener, router).await?)
}

async fn connect() -> ([(&'static str, &'static str); 1], Html<String>) {
    let policy = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let page = app::pages::connect_gallery(http::assets::connect_sheet());
    ([("content-security-policy", policy)], Html(page))
}
