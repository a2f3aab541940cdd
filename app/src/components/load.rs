//! What waits for the server: the content, or its skeleton, or what went wrong.

use super::{ErrorPanel, Skeleton};
use crate::error::PageError;
use crate::focus;
use leptos::prelude::*;
use leptos_meta::Title;
use std::sync::Arc;

/// Shows what a server function read, by way of `view`. Until it is there a skeleton shows (not before 300 ms have
/// passed), later loads keep what is shown. An error replaces this part of the page alone.
#[component]
pub fn Load<T, V>(
    /// The resource: `Resource::new(move || key(), |key| read_thing(key))`.
    from: Resource<Result<T, PageError>>,
    /// What cannot be shown if it fails, for the sentence "… cannot be shown": "The API keys".
    #[prop(into)]
    what: String,
    /// How many lines the skeleton has.
    #[prop(default = 5)]
    lines: usize,
    /// Makes the content.
    view: impl Fn(T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let view = Arc::new(view);
    view! {
        <Transition fallback=move || view! { <Skeleton lines/> }>
            {move || {
                let (view, what) = (Arc::clone(&view), what.clone());
                Suspend::new(async move {
                    let read = from.await;
                    focus::keep();
                    match read {
                        Ok(read) => view(read).into_any(),
                        Err(error) => view! {
                            // The content would have brought both.
                            <Title text=what.clone()/>
                            <h1 class="visually-hidden">{what.clone()}</h1>
                            <ErrorPanel error what/>
                        }
                        .into_any(),
                    }
                })
            }}
        </Transition>
    }
}
