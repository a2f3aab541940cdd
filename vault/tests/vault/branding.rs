//! Branding: who may change it, and what can be.

use model::branding::Branding;
use model::people::Role;
use vault::testing::TestVault;
use vault::{BrandingChange, LinkPage, VaultError};

fn png(size: u32) -> Vec<u8> {
    vault::testing::png(size, size)
}

#[tokio::test]
async fn half_a_picture_is_no_logo() {
    let test = TestVault::new("zoom").await;
    let mut half = png(64);
    half.truncate(half.len() / 2);
    let Err(VaultError::Invalid(invalid)) = test.vault.change_logo(&test.caller, half).await else { panic!("refused") };
    assert!(invalid.fields[0].1.contains("to its end"), "{:?}", invalid.fields);
    assert_eq!(test.vault.branding(&test.caller).await.unwrap(), Branding::default());
}

fn change(name: &str, accent: &str) -> BrandingChange {
    BrandingChange { display_name: name.into(), accent: accent.into(), ..Default::default() }
}

#[tokio::test]
async fn what_is_chosen_is_what_end_users_see() {
    let test = TestVault::new("zoom").await;
    assert_eq!(test.vault.branding(&test.caller).await.unwrap(), Branding::default());
    test.vault.change_logo(&test.caller, png(64)).await.unwrap();
    let saved = test.vault.change_branding(&test.caller, &change(" Acme Calendar ", "#0f766e")).await.unwrap();
    assert_eq!(saved, test.vault.branding(&test.caller).await.unwrap());
    assert!(saved.logo.is_some(), "the logo stays");
    let session = test.session(|_| ()).await;
    let page = test.vault.link_page(vault::testing::link(&session), None).await.unwrap();
    let LinkPage::Offer(offer) = page else { panic!("an offer") };
    assert_eq!((offer.application_name.as_str(), offer.branding), ("Acme Calendar", saved));
    let cleared = test.vault.change_branding(&test.caller, &change("", "")).await.unwrap();
    assert_eq!((cleared.display_name, cleared.accent), (None, None));
    let types: Vec<_> = events(&test).await;
    assert_eq!(
        types,
        [
            "application.branding_changed",
            "application.branding_changed",
            "application.logo_changed",
            "application.created"
        ]
    );
}

async fn events(test: &TestVault) -> Vec<String> {
    let events = test.vault.events_of(&test.caller, &test.caller.application().to_string()).await.unwrap();
    events.into_iter().map(|event| event.r#type).collect()
}

#[tokio::test]
async fn a_refused_change_changes_nothing_and_names_each_field() {
    let test = TestVault::new("zoom").await;
    let odd = BrandingChange {
        display_name: "a\u{202e}b".into(),
        accent: "#ff9900".into(),
        accent_dark: "#000".into(),
        support: "javascript:alert(1)".into(),
    };
    let Err(VaultError::Invalid(invalid)) = test.vault.change_branding(&test.caller, &odd).await else {
        panic!("refused")
    };
    let names: Vec<_> = invalid.fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["display_name", "accent", "accent_dark", "support"]);
    assert!(matches!(test.vault.change_logo(&test.caller, b"<svg/>".to_vec()).await, Err(VaultError::Invalid(_))));
    assert_eq!(test.vault.branding(&test.caller).await.unwrap(), Branding::default());
}

#[tokio::test]
async fn a_logo_is_replaced_and_removed() {
    let test = TestVault::new("zoom").await;
    let first = test.vault.change_logo(&test.caller, png(32)).await.unwrap().logo.unwrap();
    let second = test.vault.change_logo(&test.caller, png(48)).await.unwrap().logo.unwrap();
    assert!(test.vault.logo(&first).await.unwrap().is_none());
    assert_eq!(test.vault.logo(&second).await.unwrap().unwrap().bytes, png(48));
    test.vault.remove_logo(&test.caller).await.unwrap();
    test.vault.remove_logo(&test.caller).await.unwrap();
    assert!(test.vault.logo(&second).await.unwrap().is_none());
    assert_eq!(events(&test).await.iter().filter(|t| *t == "application.logo_removed").count(), 1);
}

#[tokio::test]
async fn viewers_see_and_do_not_change() {
    let test = TestVault::new("zoom").await;
    let viewer = test.member_as("viewer-of-branding@example.com", Role::Viewer).await;
    let caller = test.vault.enter(&viewer, test.caller.application()).await.unwrap();
    test.vault.branding(&caller).await.unwrap();
    assert!(matches!(test.vault.change_branding(&caller, &change("x", "")).await, Err(VaultError::Forbidden)));
    assert!(matches!(test.vault.change_logo(&caller, png(32)).await, Err(VaultError::Forbidden)));
    assert!(matches!(test.vault.remove_logo(&caller).await, Err(VaultError::Forbidden)));
}

#[tokio::test]
async fn a_problem_page_is_branded_for_whoever_holds_a_link_and_for_nobody_else() {
    let test = TestVault::new("zoom").await;
    test.vault.change_branding(&test.caller, &change("Acme Calendar", "")).await.unwrap();
    let session = test.session(|_| ()).await;
    let link = vault::testing::link(&session);
    let name = |brand: Option<vault::Brand>| brand.map(|brand| brand.application_name);
    assert_eq!(name(test.vault.brand_of_connect_link(link).await.unwrap()).as_deref(), Some("Acme Calendar"));
    for unknown in ["", "x", &link[1..], &session.id.to_string()] {
        assert_eq!(name(test.vault.brand_of_connect_link(unknown).await.unwrap()), None, "{unknown}");
        assert_eq!(name(test.vault.brand_of_manage_link(unknown).await.unwrap()), None, "{unknown}");
        assert_eq!(name(test.vault.brand_of_session(session.id, unknown).await.unwrap()), None, "{unknown}");
    }
    let application = test.caller.application();
    let known = test.vault.brand_of_redirect_uri(application, "zoom").await.unwrap();
    assert_eq!(name(known).as_deref(), Some("Acme Calendar"));
    assert_eq!(name(test.vault.brand_of_redirect_uri(application, "nothing").await.unwrap()), None);
}
