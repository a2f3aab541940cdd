//! An application's settings, written all at once.

use model::events::EventFilter;
use model::lists::Turn;
use vault::testing::TestVault;
use vault::{ApplicationSettings, BrandingChange, VaultError};

async fn events(test: &TestVault) -> Vec<String> {
    let page = test.vault.events(&test.caller, &EventFilter::default(), &Turn::default(), 100).await.unwrap();
    page.data.into_iter().map(|event| event.r#type).collect()
}

#[tokio::test]
async fn everything_is_written_at_once_and_what_is_absent_stays() {
    let test = TestVault::new("zoom").await;
    test.vault.add_return_address(&test.caller, "https://old.example/done").await.unwrap();
    let settings = ApplicationSettings {
        name: Some(" Acme Cloud ".into()),
        confirmation_required: Some(true),
        return_addresses: Some(vec!["https://new.example".into(), "https://new.example/".into()]),
        branding: Some(BrandingChange { display_name: "Acme".into(), ..BrandingChange::default() }),
    };
    let (application, branding) = test.vault.save_application(&test.caller, &settings).await.unwrap();
    assert_eq!((application.name.as_str(), application.confirmation_required), ("Acme Cloud", true));
    assert_eq!(application.return_addresses, ["https://new.example/"]);
    assert_eq!(branding.display_name.as_deref(), Some("Acme"));
    assert_eq!(test.vault.application(&test.caller).await.unwrap(), application);
    assert_eq!(test.vault.branding(&test.caller).await.unwrap(), branding);
    let told = events(&test).await;
    // The same again, and nothing at all, change nothing and tell nothing.
    test.vault.save_application(&test.caller, &settings).await.unwrap();
    let kept = test.vault.save_application(&test.caller, &ApplicationSettings::default()).await.unwrap();
    assert_eq!((kept, events(&test).await), ((application, branding), told.clone()));
    for expected in ["changed", "return_address_added", "return_address_removed", "branding_changed"] {
        assert!(told.contains(&format!("application.{expected}")), "{expected} in {told:?}");
    }
}

#[tokio::test]
async fn every_mistake_is_told_and_then_nothing_is_written() {
    let test = TestVault::new("zoom").await;
    let before = test.vault.application(&test.caller).await.unwrap();
    let settings = ApplicationSettings {
        name: Some(String::new()),
        confirmation_required: Some(true),
        return_addresses: Some(vec!["https://new.example".into(), "javascript:alert(1)".into()]),
        branding: Some(BrandingChange { support: "javascript:alert(1)".into(), ..BrandingChange::default() }),
    };
    let Err(VaultError::Invalid(invalid)) = test.vault.save_application(&test.caller, &settings).await else {
        panic!("it is refused");
    };
    let names: Vec<_> = invalid.fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["name", "branding.support", "return_addresses"]);
    let many = ApplicationSettings {
        return_addresses: Some((0..101).map(|n| format!("https://{n}.example")).collect()),
        ..ApplicationSettings::default()
    };
    assert!(matches!(test.vault.save_application(&test.caller, &many).await, Err(VaultError::Invalid(_))));
    assert_eq!(test.vault.application(&test.caller).await.unwrap(), before);
}
