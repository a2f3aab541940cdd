//! What tells people how things stand.

use super::Part;
use crate::components::{Banner, EmptyState, ErrorPanel, LinkButton, Load, Skeleton, Tone};
use crate::error::PageError;
use crate::icons::Glyph;
use crate::wire::Json;
use leptos::prelude::*;

/// Reads a sentence, or fails.
#[server(output = Json)]
pub async fn read_example(
    /// Whether to fail.
    fail: bool,
) -> Result<String, PageError> {
    if fail {
        return Err(PageError::Internal { request_id: "req_01jd8z6v3nf1rb2m5t7q9x0c4d".into() });
    }
    Ok("This sentence was read on the server.".into())
}

#[component]
pub(super) fn Notices() -> impl IntoView {
    view! {
        <Part title="Banners">
            <Banner>"A custom domain is set: redirect URIs begin with "<code>"https://connect.example.com"</code>"."</Banner>
            <Banner tone=Tone::Good>"Meetline accepted the credentials."</Banner>
            <Banner tone=Tone::Warn>"Not verified yet: the provider did not answer."</Banner>
            <Banner tone=Tone::Bad>"Meetline refuses these credentials."</Banner>
            <Banner tone=Tone::Neutral>"This provider config is disabled."</Banner>
        </Part>
        <Part title="Empty">
            <EmptyState icon=Glyph::ConnectedAccounts title="No connected accounts yet"
                text="Create a connect session in your backend and send an end user to its address.">
                <LinkButton href="/gallery">"Read how"</LinkButton>
            </EmptyState>
        </Part>
        <Part title="Not found"><ErrorPanel error=PageError::NotFound what="The account"/></Part>
        <Part title="Skeleton"><Skeleton/></Part>
    }
}

#[component]
pub(super) fn Loading() -> impl IntoView {
    let good = Resource::new(|| (), |()| read_example(false));
    let bad = Resource::new(|| (), |()| read_example(true));
    view! {
        <Part title="Loaded"><Load from=good what="The sentence" view=|text| view! { <p>{text}</p> }/></Part>
        <Part title="Failed"><Load from=bad what="The sentence" view=|text| view! { <p>{text}</p> }/></Part>
    }
}
