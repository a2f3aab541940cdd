//! The fields of an entry. What most providers need has a field of its own; the rest is TOML, and no field is in both.

use crate::components::{Checkbox, Choice, Field, Select, TextArea};
use crate::form::{FormContext, Hidden};
use leptos::prelude::*;
use model::custom_providers::EntryForm;

/// The fields, to stand in a form for `SaveCustomProvider`.
#[component]
pub(super) fn EntryFields(form: EntryForm) -> impl IntoView {
    let authentication = vec![
        Choice::new("basic", "In the header (client_secret_basic)"),
        Choice::new("body", "In the body (client_secret_post)"),
    ];
    let scope = vec![
        Choice::new("space", "With spaces between them"),
        Choice::new("comma", "With commas between them"),
        Choice::new("none", "Not at all: they are set at the provider"),
    ];
    let url = move |name: &'static str, label: &'static str, value: String, optional: bool| {
        view! { <Field name label kind="url" mono=true value optional/> }
    };
    view! {
        <Field name="name" label="Name" value=form.name hint="End users read it on the connect page."/>
        {url("authorize", "Authorization endpoint", form.authorize, false)}
        {url("token", "Token endpoint", form.token, false)}
        {url("revoke", "Revocation endpoint", form.revoke, true)}
        {url("userinfo", "User info endpoint", form.userinfo, true)}
        {url("api_base", "Base URL of the API", form.api_base, true)}
        <Select name="authentication" label="Client authentication" choices=authentication value=form.authentication/>
        <Select name="scope" label="Scopes are sent" choices=scope value=form.scope/>
        <Field name="issuer" label="Issuer" kind="url" mono=true optional=true value=form.issuer
            hint="Answers and ID tokens that name another issuer are refused."/>
        <Field name="jwks" label="Keys of ID tokens" kind="url" mono=true optional=true value=form.jwks
            hint="With it, and openid among the scopes, the ID token is checked and says whose account it is."/>
        <Checkbox name="iss_required" label="Refuse answers that do not name the issuer" checked=form.iss_required
            hint="For providers that announce it (RFC 9207)."/>
        <Advanced value=form.advanced/>
        <Hidden name="announced" value=form.announced/>
    }
}

/// Closed unless there is something wrong in it.
#[component]
fn Advanced(value: String) -> impl IntoView {
    let error = use_context::<FormContext>().map(|form| form.error);
    let open = move || error.and_then(|error| error.get()).is_some_and(|error| error.of("advanced").is_some());
    view! {
        <details class="disclosure" open=open>
            <summary>"Advanced: every other field, in TOML"</summary>
            <TextArea name="advanced" label="Entry" value mono=true optional=true rows=14
                hint="As in a file of the catalogue, and checked by the same code. A field that stands above too is taken from here and moves up when you save."/>
        </details>
    }
}
