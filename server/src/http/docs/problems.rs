//! The codes of problems, by status.

use super::words::inline;
use crate::openapi::example_of_problem;
use crate::problem::Code;
use leptos::prelude::*;

/// Links to each.
pub(super) fn contents() -> AnyView {
    let links = Code::ALL.iter().map(|code| {
        view! { <li><a href=format!("#{}", code.as_str())><code>{code.as_str()}</code></a></li> }
    });
    view! { <p>"Codes"</p><ul>{links.collect_view()}</ul> }.into_any()
}

/// Each with its words.
pub(super) fn list() -> AnyView {
    let example = serde_json::to_string_pretty(&example_of_problem(Code::NeedsReconnect)).unwrap_or_default();
    let codes = Code::ALL.iter().map(|code| {
        let (id, status) = (code.as_str(), code.status());
        let reason = status.canonical_reason().unwrap_or_default();
        view! {
            <section class="docs-problem" id=id aria-label=id>
                <h2><a href=format!("#{id}")><code>{id}</code></a></h2>
                <p class="docs-status">{status.as_str().to_owned()}" "{reason}" · "{code.title()}</p>
                <p>{inline(code.meaning())}</p>
                <p><strong>"What to do: "</strong>{inline(code.remedy())}</p>
            </section>
        }
    });
    view! {
        <figure class="code">
            <figcaption class="code-head"><span>"application/problem+json"</span></figcaption>
            <pre tabindex="0" role="region" aria-label="A problem"><code>{example}</code></pre>
        </figure>
        {codes.collect_view()}
    }
    .into_any()
}
