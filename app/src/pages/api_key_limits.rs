//! What an API key is restricted to: the fields for a new one, and the words for one that is there.

use crate::components::{Checkbox, Checkboxes, Choice, Field, Select, TextArea};
use crate::form::FormContext;
use leptos::prelude::*;
use model::api_keys::{ApiKeyView, KeyScope, Policy};

const FIELDS: [&str; 6] = ["scopes", "sources", "expires_on", "providers", "methods", "paths"];

/// The restrictions of a new key. Closed unless there is something wrong in it.
#[component]
pub fn Restrict() -> impl IntoView {
    let error = use_context::<FormContext>().map(|form| form.error);
    let wrong = move || error.and_then(|error| error.get());
    let open = move || wrong().is_some_and(|error| FIELDS.iter().any(|field| error.of(field).is_some()));
    let scopes = KeyScope::ALL.iter().map(|scope| Choice::new(scope.as_str(), scope.words()).text(scope.as_str()));
    let usual = KeyScope::ALL.iter().filter(|scope| scope.is_usual()).map(ToString::to_string).collect();
    let ends = [("", "Never"), ("30", "In 30 days"), ("90", "In 90 days"), ("365", "In a year"), ("day", "On a day")];
    let ends = ends.map(|(value, label)| Choice::new(value, label)).to_vec();
    view! {
        <details class="disclosure" open=open>
            <summary>"Restrict this key"</summary>
            <Checkboxes name="scopes" label="What it may do" choices=scopes.collect() chosen=usual
                hint="Untick what this backend does not need."/>
            <Select name="expires" label="It ends" choices=ends/>
            <Field name="expires_on" label="Last day" kind="date" optional=true hint="If it ends on a day, in UTC."/>
            <TextArea name="sources" label="Networks" rows=3 mono=true optional=true
                hint="From where it is taken: one address or network a line, such as 203.0.113.7 or 10.0.0.0/8. Empty: from everywhere."/>
            <Checkbox name="proxy_only" label="Proxy only"
                hint="It never gets a token. Its backend calls providers through the proxy, and the token stays here."/>
            <Field name="providers" label="Proxy: providers" mono=true optional=true placeholder="custom-crm"
                hint="Which providers it may call, with commas. Empty: all."/>
            <Field name="methods" label="Proxy: methods" mono=true optional=true placeholder="GET, POST" hint="Empty: all."/>
            <TextArea name="paths" label="Proxy: paths" rows=3 mono=true optional=true
                hint="One pattern a line: * stands for anything within a segment, ** for any segments, as in /users/*/meetings/**. Empty: all."/>
        </details>
    }
}

/// What a key is restricted to, one line each.
pub fn restrictions(key: &ApiKeyView) -> Vec<String> {
    let list =
        |name: &str, entries: Vec<String>| (!entries.is_empty()).then(|| format!("{name}: {}", entries.join(", ")));
    let Policy { providers, methods, paths } = key.policy.clone().unwrap_or_default();
    let of_proxy = [("Providers", providers), ("Methods", methods), ("Paths", paths)];
    let scopes = key.scopes.iter().map(ToString::to_string).collect();
    let known = [
        list("Scopes", scopes),
        list("Networks", key.sources.clone()),
        key.proxy_only.then(|| "Proxy only".to_owned()),
    ];
    let of_proxy = of_proxy.into_iter().map(|(name, entries)| list(name, entries.unwrap_or_default()));
    known.into_iter().chain(of_proxy).flatten().collect()
}
