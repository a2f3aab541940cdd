use crate::support::{TestServer, text};
use serde_json::json;

#[tokio::test]
async fn the_catalogue_lists_providers_and_shows_each() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let list = backend.get("/v1/providers").await.expect(200).json();
    assert_eq!(list["next_cursor"], json!(null));
    let slugs: Vec<_> = list["data"].as_array().unwrap().iter().map(|p| text(p, "slug")).collect();
    assert_eq!(slugs, ["sandbox", "zoom"]);
    let one = backend.get("/v1/providers/zoom").await.expect(200).json();
    assert_eq!((text(&one, "name"), text(&one, "category")), ("Zoom", "Communication"));
    assert!(one["guide"]["steps"].as_array().is_some_and(|steps| !steps.is_empty()));
    backend.get("/v1/providers/nobody").await.problem(404, "not_found");
}
