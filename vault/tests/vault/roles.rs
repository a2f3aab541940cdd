//! Every verb that asks who calls refuses whoever's role is too small, whatever the portal shows.

use http_body_util::BodyExt as _;
use model::connect_sessions::ConnectSessionFilter;
use model::custom_providers::EntryForm;
use model::events::EventFilter;
use model::figures::Window;
use model::ids::{
    ApiKeyId, BulkRevocationId, ClientId, ConnectSessionId, ConnectedAccountId, DeliveryId, EventId, InvitationId,
    MemberId, PasskeyId, WebhookEndpointId,
};
use model::lists::Turn;
use model::people::Role::{self, Admin, Developer, Owner, Viewer};
use std::collections::BTreeSet;
use std::path::Path;
use vault::testing::{TestVault, form, new_import, new_session};
use vault::{
    AccountChange, ApplicationCaller, ApplicationChange, ApplicationSettings, BrandingChange, BulkRequest,
    EndUserChange, EndUserFilter, ExportFormat, Filter, MemberCaller, NewClientSecret, NewManageLink,
    NewWebhookEndpoint, PasskeyAnswer, Proof, ProxyRequest, Secret, TokenRequest, Vault, VaultError,
    WebhookEndpointChange,
};

/// Who calls, as member and within an application.
struct Caller<'a> {
    vault: &'a Vault,
    member: &'a MemberCaller,
    inside: &'a ApplicationCaller,
}

/// What was called so far, and who was let through wrongly or kept out wrongly.
struct Table {
    role: Role,
    named: BTreeSet<&'static str>,
    wrong: Vec<String>,
}

impl Table {
    /// `least` may call the verb, and each role above it; nobody below may, whatever the arguments are.
    fn check<T>(&mut self, verb: &'static str, least: Role, ended: Result<T, VaultError>) {
        self.named.insert(verb);
        let refused = matches!(ended, Err(VaultError::Forbidden));
        if refused == self.role.includes(least) {
            let what = if refused { "is refused" } else { "is let through" };
            self.wrong.push(format!("{verb}: a {} {what}", self.role));
        }
    }
}

/// The verbs with the least role that each needs. The things that they name are not there: refusals come first.
async fn call_every_verb(by: &Caller<'_>, table: &mut Table) {
    own_verbs(by, table).await;
    members_verbs(by, table).await;
    application_verbs(by, table).await;
    account_verbs(by, table).await;
    verbs_on_many_accounts(by, table).await;
    webhook_verbs(by, table).await;
}

/// What concerns nobody but the caller.
async fn own_verbs(by: &Caller<'_>, table: &mut Table) {
    let Caller { vault: v, member: m, .. } = by;
    let (wrong, session, passkey) = (|| Secret::new("wrong".to_owned()), "session", PasskeyId::FIRST);
    let answer = r#"{"id":"AAAA","clientData":"","authenticatorData":"","signature":"","userHandle":""}"#;
    let answer = PasskeyAnswer::parse(answer).unwrap();
    table.check("change_password", Viewer, v.change_password(m, wrong(), wrong()).await);
    table.check("sign_out_everywhere", Viewer, v.sign_out_everywhere(m).await);
    table.check("portal_sessions", Viewer, v.portal_sessions(m, session).await);
    table.check("take_form", Viewer, v.take_form(m, "x").await);
    table.check("give_form_back", Viewer, v.give_form_back(m, "x").await);
    table.check("end_portal_session", Viewer, v.end_portal_session(m, session).await);
    table.check("end_other_portal_sessions", Viewer, v.end_other_portal_sessions(m, session).await);
    table.check("second_factors", Viewer, v.second_factors(m).await);
    table.check("prove", Viewer, v.prove(m, Proof::Password(wrong()), "192.0.2.1").await);
    table.check("begin_authenticator", Viewer, v.begin_authenticator(m).await);
    table.check("authenticator_setup", Viewer, v.authenticator_setup(m).await);
    table.check("confirm_authenticator", Viewer, v.confirm_authenticator(m, "x", session).await);
    table.check("remove_authenticator", Viewer, v.remove_authenticator(m, session).await);
    table.check("begin_passkey", Viewer, v.begin_passkey(m).await);
    table.check("add_passkey", Viewer, v.add_passkey(m, "x", &answer, session).await);
    table.check("rename_passkey", Viewer, v.rename_passkey(m, passkey, "x").await);
    table.check("remove_passkey", Viewer, v.remove_passkey(m, passkey, session).await);
    table.check("renew_recovery_codes", Viewer, v.renew_recovery_codes(m).await);
}

async fn members_verbs(by: &Caller<'_>, table: &mut Table) {
    let Caller { vault: v, member: m, .. } = by;
    let (member, invitation) = (MemberId::FIRST, InvitationId::FIRST);
    table.check("members", Viewer, v.members(m).await);
    table.check("invitations", Viewer, v.invitations(m).await);
    table.check("invitation", Viewer, v.invitation(m, invitation).await);
    table.check("set_role", Admin, v.set_role(m, member, Viewer).await);
    table.check("remove_member", Admin, v.remove_member(m, member).await);
    table.check("invite", Admin, v.invite(m, "nobody", Viewer).await);
    table.check("renew_invitation", Admin, v.renew_invitation(m, invitation).await);
    table.check("withdraw_invitation", Admin, v.withdraw_invitation(m, invitation).await);
    table.check("end_sessions_of_member", Admin, v.end_sessions_of_member(m, member).await);
    table.check("application_lines", Viewer, v.application_lines(m).await);
    let (any, turn, event) = (EventFilter::default(), Turn::default(), EventId::FIRST);
    table.check("organization_events", Admin, v.organization_events(m, &any, &turn, 20).await);
    table.check("organization_event", Admin, v.organization_event(m, event).await);
    table.check("organization_event_actors", Admin, v.organization_event_actors(m).await);
    table.check("export_event_chain", Admin, v.export_event_chain(m, 0).await);
    table.check("export_organization_events", Admin, v.export_organization_events(m, any, ExportFormat::Csv).await);
    table.check("applications", Viewer, v.applications(m).await);
    table.check("second_person_required", Viewer, v.second_person_required(m).await);
    table.check("require_second_person", Owner, v.require_second_person(m, false).await);
    table.check("enter", Viewer, v.enter(m, by.inside.application()).await);
    let environment = model::applications::Environment::Development;
    table.check("add_application", Developer, v.add_application(m, "", environment).await);
}

async fn application_verbs(by: &Caller<'_>, table: &mut Table) {
    let Caller { vault: v, inside: c, .. } = by;
    let change = ApplicationChange { name: String::new(), confirmation_required: false };
    table.check("application", Viewer, v.application(c).await);
    table.check("application_counts", Viewer, v.application_counts(c).await);
    table.check("first_steps", Viewer, v.first_steps(c).await);
    table.check("account_figures", Viewer, v.account_figures(c).await);
    table.check("happened", Viewer, v.happened(c, Window::Day).await);
    table.check("attention", Viewer, v.attention(c).await);
    table.check("provider_choices", Viewer, v.provider_choices(c).await);
    table.check("change_application", Developer, v.change_application(c, &change).await);
    table.check("set_proxy_only", Admin, v.set_proxy_only(c, false).await);
    let settings = ApplicationSettings { name: Some(String::new()), ..ApplicationSettings::default() };
    table.check("save_application", Developer, v.save_application(c, &settings).await);
    table.check("end_users", Viewer, v.end_users(c, &EndUserFilter::default(), None, 20).await);
    table.check("end_user", Viewer, v.end_user(c, "x").await);
    table.check("change_end_user", Developer, v.change_end_user(c, "x", EndUserChange::default()).await);
    table.check("add_return_address", Developer, v.add_return_address(c, "x").await);
    table.check("remove_return_address", Developer, v.remove_return_address(c, "x").await);
    table.check("branding", Viewer, v.branding(c).await);
    table.check("change_branding", Developer, v.change_branding(c, &BrandingChange::default()).await);
    table.check("change_logo", Developer, v.change_logo(c, Vec::new()).await);
    table.check("remove_logo", Developer, v.remove_logo(c).await);
    table.check("api_keys", Viewer, v.api_keys(c).await);
    table.check("add_api_key", Developer, v.add_api_key(c, "").await);
    table.check("rotate_api_key", Developer, v.rotate_api_key(c, ApiKeyId::FIRST, 0).await);
    table.check("revoke_api_key", Developer, v.revoke_api_key(c, ApiKeyId::FIRST).await);
    table.check("provider_configs", Viewer, v.provider_configs(c).await);
    table.check("provider_config", Viewer, v.provider_config(c, "x").await);
    table.check("save_provider_config", Developer, v.save_provider_config(c, form("x", "", "", false)).await);
    table.check("verify_provider_config", Developer, v.verify_provider_config(c, "x").await);
    table.check("set_provider_config_disabled", Developer, v.set_provider_config_disabled(c, "x", true).await);
    table.check("remove_provider_config", Developer, v.remove_provider_config(c, "x").await);
    client_verbs(by, table).await;
    table.check("provider", Viewer, v.provider(c, "x").await);
    table.check("provider_of_config", Viewer, v.provider_of_config(c, "x").await);
    table.check("scopes", Viewer, v.scopes(c, "x").await);
    let first = Turn::default();
    table.check("accounts_lacking_scopes", Viewer, v.accounts_lacking_scopes(c, "x", &first, 20).await);
    table.check("custom_providers", Viewer, v.custom_providers(c).await);
    table.check("custom_provider", Viewer, v.custom_provider(c, "x").await);
    table.check("discover", Developer, v.discover(c, "x").await);
    table.check("save_custom_provider", Developer, v.save_custom_provider(c, None, &EntryForm::default()).await);
    table.check("remove_custom_provider", Developer, v.remove_custom_provider(c, "x").await);
    table.check("check_metadata", Developer, v.check_metadata(c, "x").await);
    table.check("entry_offer", Viewer, v.entry_offer(c, "x").await);
    table.check("adopt_entry", Developer, v.adopt_entry(c, "x", "x").await);
    let (any, turn, event) = (EventFilter::default(), Turn::default(), EventId::FIRST);
    table.check("events", Viewer, v.events(c, &any, &turn, 20).await);
    table.check("event", Viewer, v.event(c, event).await);
    table.check("event_actors", Viewer, v.event_actors(c).await);
    table.check("export_events", Admin, v.export_events(c, any, ExportFormat::Csv).await);
    table.check("events_of", Viewer, v.events_of(c, "x").await);
    table.check("erase_end_user", Developer, v.erase_end_user(c, "x").await);
    table.check("events_after", Viewer, v.events_after(c, 0, 20).await);
}

async fn client_verbs(by: &Caller<'_>, table: &mut Table) {
    let Caller { vault: v, inside: c, .. } = by;
    let (client, session) = (ClientId::FIRST, ConnectSessionId::FIRST);
    let secret = Secret::new("x".to_owned());
    let new = NewClientSecret { secret, expires_on: String::new(), store_anyway: false };
    table.check("provider_config_detail", Viewer, v.provider_config_detail(c, "x").await);
    table.check("readiness_of_new", Viewer, v.readiness_of_new(c, "x").await);
    table.check("connection_test", Viewer, v.connection_test(c, "x", session).await);
    table.check("begin_connection_test", Developer, v.begin_connection_test(c, "x").await);
    table.check("add_client_secret", Developer, v.add_client_secret(c, "x", client, new).await);
    table.check("finish_client_secret", Developer, v.finish_client_secret(c, "x", client).await);
    table.check("cancel_client_secret", Developer, v.cancel_client_secret(c, "x", client).await);
    table.check("set_secret_expiry", Developer, v.set_secret_expiry(c, "x", client, "").await);
    table.check("remove_client", Developer, v.remove_client(c, "x", client).await);
}

async fn account_verbs(by: &Caller<'_>, table: &mut Table) {
    let Caller { vault: v, inside: c, .. } = by;
    let (account, session, request) = (ConnectedAccountId::FIRST, ConnectSessionId::FIRST, TokenRequest::default());
    table.check("connect_session", Viewer, v.connect_session(c, session).await);
    table.check("connect_sessions", Viewer, v.connect_sessions(c, None, 20).await);
    let any = ConnectSessionFilter::default();
    table.check("connect_session_log", Viewer, v.connect_session_log(c, &any, &Turn::default(), 20).await);
    table.check("connect_session_detail", Viewer, v.connect_session_detail(c, session).await);
    table.check("repeat_connect_session", Developer, v.repeat_connect_session(c, session).await);
    table.check("open_connect_session", Developer, v.open_connect_session(c, new_session("", "x")).await);
    table.check("open_reconnect_link", Developer, v.open_reconnect_link(c, account).await);
    table.check("open_reconnect_links", Developer, v.open_reconnect_links(c, &[]).await);
    table.check("open_manage_link", Developer, v.open_manage_link(c, "x", NewManageLink::default()).await);
    table.check("confirm_connect_session", Developer, v.confirm_connect_session(c, session, "x").await);
    table.check("connected_accounts", Viewer, v.connected_accounts(c, &Filter::default(), None, 20).await);
    table.check("connected_account", Viewer, v.connected_account(c, account).await);
    table.check("connected_account_detail", Viewer, v.connected_account_detail(c, account).await);
    table.check("connected_account_timeline", Viewer, v.connected_account_timeline(c, account, None, 20).await);
    let change = AccountChange::default();
    table.check("change_connected_account", Developer, v.change_connected_account(c, account, change).await);
    table.check("revoke_connected_account", Developer, v.revoke_connected_account(c, account).await);
    table.check("fresh", Developer, v.fresh(c, account, request).await);
    table.check("fresh_for", Developer, v.fresh_for(c, "x", "x", request).await);
    table.check("take_turn", Developer, v.take_turn(c, "x", b"x").await);
    let import = || new_import("", "x", None, None);
    table.check("import_connected_account", Developer, v.import_connected_account(c, import()).await);
    table.check("check_import", Developer, v.check_import(c, &import()).await);
    table.check("refresh_now", Developer, v.refresh_now(c, account).await);
    table.check("proxy", Developer, v.proxy(c, account, proxied()).await);
}

fn proxied() -> ProxyRequest {
    let body = http_body_util::Empty::new().map_err(|never| match never {}).boxed_unsync();
    let (method, headers) = (http::Method::GET, http::HeaderMap::new());
    ProxyRequest { method, path: String::new(), query: None, headers, body }
}

async fn webhook_verbs(by: &Caller<'_>, table: &mut Table) {
    let Caller { vault: v, inside: c, .. } = by;
    let (endpoint, delivery, turn) = (WebhookEndpointId::FIRST, DeliveryId::FIRST, Turn::default());
    let change = WebhookEndpointChange::default();
    table.check("webhook_endpoints", Viewer, v.webhook_endpoints(c, None, 20).await);
    table.check("webhook_endpoint", Viewer, v.webhook_endpoint(c, endpoint).await);
    table.check("deliveries", Viewer, v.deliveries(c, endpoint, "", &turn, 20).await);
    table.check("delivery", Viewer, v.delivery(c, endpoint, delivery).await);
    let new = NewWebhookEndpoint::default();
    table.check("add_webhook_endpoint", Developer, v.add_webhook_endpoint(c, new).await);
    table.check("change_webhook_endpoint", Developer, v.change_webhook_endpoint(c, endpoint, change).await);
    table.check("delete_webhook_endpoint", Developer, v.delete_webhook_endpoint(c, endpoint).await);
    table.check("rotate_webhook_secret", Developer, v.rotate_webhook_secret(c, endpoint).await);
    table.check("test_webhook_endpoint", Developer, v.test_webhook_endpoint(c, endpoint).await);
    table.check("replay_delivery", Developer, v.replay_delivery(c, endpoint, delivery).await);
}

async fn verbs_on_many_accounts(by: &Caller<'_>, table: &mut Table) {
    let Caller { vault: v, inside: c, .. } = by;
    let (any, account, bulk) = (Filter::default(), ConnectedAccountId::FIRST, BulkRevocationId::FIRST);
    let chosen = Filter { ids: Some(vec![account]), ..Filter::default() };
    let request = |filter: &Filter| {
        let (filter, reason) = (filter.clone(), String::new());
        BulkRequest { id: bulk, filter, newest: account, accounts: 1, typed: String::new(), reason }
    };
    table.check("connected_accounts_page", Viewer, v.connected_accounts_page(c, &any, &Turn::default(), 20).await);
    table.check("export_connected_accounts", Developer, v.export_connected_accounts(c, any.clone()).await);
    table.check("preview_bulk_revocation", Admin, v.preview_bulk_revocation(c, &any).await);
    table.check("preview_bulk_revocation", Developer, v.preview_bulk_revocation(c, &chosen).await);
    table.check("request_bulk_revocation", Admin, v.request_bulk_revocation(c, request(&any)).await);
    table.check("request_bulk_revocation", Developer, v.request_bulk_revocation(c, request(&chosen)).await);
    table.check("confirm_bulk_revocation", Admin, v.confirm_bulk_revocation(c, bulk).await);
    table.check("stop_bulk_revocation", Developer, v.stop_bulk_revocation(c, bulk).await);
    table.check("bulk_revocation", Viewer, v.bulk_revocation(c, bulk).await);
    table.check("bulk_revocations", Viewer, v.bulk_revocations(c).await);
    table.check("may_confirm_bulk_revocation", Viewer, v.may_confirm_bulk_revocation(c, bulk).await);
}

#[tokio::test]
async fn each_verb_needs_its_role() {
    let test = TestVault::empty("zoom").await;
    let mut wrong = Vec::new();
    for role in Role::ALL.iter().copied() {
        let member = test.member_as(&format!("{role}-2@example.com"), role).await;
        let inside = test.vault.enter(&member, test.caller.application()).await.unwrap();
        let by = Caller { vault: &test.vault, member: &member, inside: &inside };
        let mut table = Table { role, named: BTreeSet::new(), wrong: Vec::new() };
        call_every_verb(&by, &mut table).await;
        wrong.extend(table.wrong);
        assert_eq!(not_named(&table.named), Vec::<String>::new(), "verbs without a line in this file's table");
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn an_api_key_may_do_what_a_backend_needs() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let key = test.vault.add_api_key(&test.caller, "backend").await.unwrap();
    let backend = test.vault.authenticate(key.secret.expose(), None).await.unwrap().unwrap();
    assert!(test.vault.fresh(&backend, id, TokenRequest::default()).await.is_ok());
    assert!(test.vault.fresh_for(&backend, "user_42", "zoom", TokenRequest::default()).await.is_ok());
    assert!(test.vault.refresh_now(&backend, id).await.is_ok());
    assert!(test.vault.open_reconnect_link(&backend, id).await.is_ok());
    assert!(test.vault.open_connect_session(&backend, new_session("user_42", "zoom")).await.is_ok());
}

/// The vault's public verbs that take a caller, less those of the table.
fn not_named(table: &BTreeSet<&str>) -> Vec<String> {
    let mut verbs = BTreeSet::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut verbs);
    assert!(verbs.len() > 40, "the search finds the verbs: {verbs:?}");
    verbs.into_iter().filter(|verb| !table.contains(verb.as_str())).collect()
}

fn gather(folder: &Path, verbs: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, verbs);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            // What stands between a verb's name and what it answers are its parameters.
            let signatures = source.split("pub async fn ").skip(1).filter_map(|rest| rest.split("->").next());
            let takes_one = |s: &&str| s.contains("&ApplicationCaller") || s.contains("&MemberCaller");
            let names = signatures.filter(takes_one).filter_map(|s| s.split(['(', '<']).next());
            verbs.extend(names.map(str::to_owned));
        }
    }
}
