//! `/docs`: the reference, made of the description.

use crate::support::{Answer, TestServer};

#[tokio::test]
async fn the_reference_has_every_operation_and_needs_no_other_host() {
    let server = TestServer::start().await;
    let page = Answer::of(server.client.get(server.url("/docs"))).await.expect(200);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'; img-src data:;"));
    for operation in server.nobody().described().await.operations() {
        let id = operation.of["operationId"].as_str().unwrap();
        for part in [format!("id=\"{id}\""), format!("href=\"#{id}\""), format!("<code>{}</code>", operation.path)] {
            assert!(page.body.contains(&part), "{part} of {id}");
        }
    }
    for name in server.nobody().described().await.document["webhooks"].as_object().unwrap().keys() {
        assert!(page.body.contains(&format!("<code>{}</code>", name.replace('.', ".<wbr>"))), "{name}");
    }
    for trace in ["<script", "style=", "src=", "<!>"] {
        assert!(!page.body.contains(trace), "{trace}");
    }
    let again = server.client.get(server.url("/docs")).header("if-none-match", page.header("etag"));
    let again = Answer::of(again).await;
    assert_eq!((again.status, again.header("content-security-policy").is_empty()), (304, false));
    let packed = Answer::of(server.client.get(server.url("/docs")).header("accept-encoding", "gzip")).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
}

#[tokio::test]
async fn the_type_of_a_problem_leads_to_its_words() {
    let server = TestServer::start().await;
    let problem = server.nobody().get("/v1/application").await.problem(401, "unauthorized").json();
    let address = problem["type"].as_str().unwrap();
    assert_eq!(address, server.url("/docs/problems#unauthorized"));
    let page = Answer::of(server.client.get(address)).await.expect(200);
    let described = server.nobody().described().await;
    let codes = &described.document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"];
    for code in codes.as_array().unwrap() {
        assert!(page.body.contains(&format!("id={code}")), "{code}");
    }
    assert!(page.body.contains("What to do: "));
}
