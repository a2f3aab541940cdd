//! How far long work has come.

use leptos::prelude::*;

/// A bar with the same in words.
#[component]
pub fn Progress(
    /// What it is about, for screen readers.
    #[prop(into)]
    label: String,
    /// How much is done.
    done: i64,
    /// How much there is.
    of: i64,
    /// The same in words.
    #[prop(into)]
    words: String,
) -> impl IntoView {
    let most = of.max(1).to_string();
    view! {
        <div class="progress">
            <progress aria-label=label max=most value=done.min(of).to_string()></progress>
            <p>{words}</p>
        </div>
    }
}
