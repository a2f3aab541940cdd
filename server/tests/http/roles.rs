//! A viewer's walk through the whole portal: every page opens, none offers what is refused, and what an owner's forms
//! do is refused.

use crate::support::{Browser, PageForm, TestServer};
use model::people::Role;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Everybody's own affairs.
const OWN: [&str; 2] = ["/settings/security", "/settings/profile"];

/// Server functions of everybody's own, in the sidebar of every page.
const ANYBODYS: [&str; 2] = ["sign_out", "set_theme"];

/// What is no page of the portal for members, or ends the session.
const ELSEWHERE: [&str; 4] = ["/sign-out", "/connect/", "/pkg/", "/v1/"];

async fn signed_in(server: &TestServer, email: &str) -> Browser {
    let mut browser = server.browser();
    let form = browser.get("/sign-in").await.expect(200).form("sign_in");
    let form = form.with("email", email).with("password", "canary-password-123");
    browser.post("/sign-in", &form.body()).await.expect(303);
    browser
}

/// Follows every link from the list of applications on; gives each page's forms that change something of others.
async fn walk(browser: &mut Browser) -> BTreeMap<String, Vec<PageForm>> {
    let (mut pages, mut seen) = (BTreeMap::new(), BTreeSet::new());
    let mut ahead = VecDeque::from(["/applications".to_owned()]);
    while let Some(path) = ahead.pop_front() {
        let path = path.split('#').next().unwrap().to_owned();
        if ELSEWHERE.iter().any(|other| path.starts_with(other)) || !seen.insert(path.clone()) {
            continue;
        }
        assert!(seen.len() < 300, "the walk ends: {seen:?}");
        let page = browser.get(&path).await;
        // The start page leads on.
        if page.status == 302 {
            continue;
        }
        assert_eq!(page.status, 200, "{path}, which a page links to");
        ahead.extend(page.links());
        let own = OWN.iter().any(|own| path.starts_with(own));
        let others =
            page.forms().into_iter().filter(|form| !own && !ANYBODYS.iter().any(|verb| form.action().contains(verb)));
        pages.insert(path, others.collect());
    }
    pages
}

#[tokio::test]
async fn a_viewer_sees_everything_and_is_offered_nothing_that_is_refused() {
    let server = TestServer::start().await;
    server.connected(&server.backend().await).await;
    let vault = &server.test.vault;
    server.allow_return("http://localhost/done").await;
    vault.invite(&server.test.member, "invited@example.com", Role::Developer).await.ok().unwrap();
    server.test.member_as("viewer@example.com", Role::Viewer).await;
    let mut viewer = signed_in(&server, "viewer@example.com").await;
    let seen = walk(&mut viewer).await;
    for part in
        ["/connected-accounts/ca_", "/providers/zoom", "/api-keys", "/settings/members/mem_", "/members/invitations/"]
    {
        assert!(seen.keys().any(|path| path.contains(part)), "{part} in {:?}", seen.keys());
    }
    for (path, forms) in &seen {
        assert!(forms.is_empty(), "{path} offers a viewer {forms:?}");
    }
    let mut owner = signed_in(&server, "owner@example.com").await;
    let mut tried = BTreeSet::new();
    for (path, forms) in walk(&mut owner).await {
        let page = viewer.get(&path).await;
        assert!([200, 403].contains(&page.status), "{path}: {}", page.status);
        for form in forms {
            let filled = form
                .fields
                .iter()
                .map(|(name, value)| (name.clone(), if value.is_empty() { "x".to_owned() } else { value.clone() }));
            let filled = PageForm { fields: filled.collect() };
            let refused = viewer.post(&path, &filled.body()).await;
            assert_eq!(refused.status, 403, "{} at {path}: {}", form.action(), refused.body);
            tried.insert(form.action().to_owned());
        }
    }
    assert!(tried.len() >= 15, "{tried:?}");
}
