//! Accounts that are made by the thousand are as good as those that end users connect.

use super::tokens::ask;
use vault::testing::{BareReads, TestVault, seeded_account, seeded_token_set};
use vault::{Filter, RequestSource, TokenRequest};

#[tokio::test]
async fn seeded_accounts_have_tokens_that_open() {
    let test = TestVault::new("zoom").await;
    test.seed(1_001, test.clock.now()).await;
    for number in [1, 1_000, 1_001] {
        let token = ask(&test, seeded_account(number).parse().unwrap()).await.unwrap();
        assert_eq!((token.len(), token.trim_start_matches('0')), (640, number.to_string().as_str()));
    }
    assert!(ask(&test, seeded_account(1_002).parse().unwrap()).await.is_err());
    let list = test.vault.connected_accounts(&test.caller, &Filter::default(), None, 100).await.unwrap();
    assert_eq!(list.data.len(), 100);
}

#[tokio::test]
async fn the_bare_statements_find_what_a_token_read_finds() {
    let test = TestVault::new("zoom").await;
    test.seed(2, vault::Clock::system().now()).await;
    let key = test.vault.add_api_key(&test.caller, "backend").await.unwrap().secret.expose().clone();
    let bare = BareReads::open(&test.database_url, &key).await;
    for (number, there) in [(1, true), (2, true), (3, false)] {
        assert_eq!(bare.token_read(&seeded_account(number)).await, there);
        assert_eq!(bare.one_row(&seeded_token_set(number)).await, there);
        let request = TokenRequest::default();
        let read = test
            .vault
            .token(
                &key,
                seeded_account(number).parse().unwrap(),
                request,
                &RequestSource { request_id: "req", address: None },
            )
            .await;
        assert_eq!(read.is_ok_and(|token| token.is_some()), there);
    }
    assert_eq!(bare.refreshed().await, 0);
    bare.close().await;
}
