//! A sentence that survives one redirect.

use crate::request;
use leptos::prelude::*;
use leptos_router::hooks::use_url;

const COOKIE: &str = "flash";

/// For server functions: go to the page `to` and say `message` there, once. The message travels in a readable cookie:
/// a sentence, never a secret.
pub fn redirect_with(to: &str, message: &str) {
    request::set_cookie(COOKIE, message, 60);
    request::redirect(to);
}

/// For server functions: say `message` on the page that is shown now. A form's server function that changes what the
/// page lists ends with this or with [`redirect_with`], so that the list is read again.
pub fn say(message: &str) {
    redirect_with(&request::here(), message);
}

fn take() -> Option<String> {
    let message = request::cookie(COOKIE)?;
    request::set_cookie(COOKIE, "", 0);
    Some(message)
}

/// What is shown at the moment; context of everything below [`crate::App`].
#[derive(Clone, Copy)]
struct Shown(RwSignal<Option<String>>);

/// Provides the place for messages. Once, in [`crate::App`], around forms and [`Flash`].
pub(crate) fn provide_flash() {
    provide_context(Shown(RwSignal::new(SharedValue::new(take).into_inner())));
}

/// Shows a message that came with an answer and did not change the address. The router says nothing of those.
pub(crate) fn look() {
    if let (Some(Shown(shown)), Some(message)) = (use_context::<Shown>(), take()) {
        show(shown, message);
    }
}

/// Emptied first, so that the same sentence twice is two toasts.
fn show(shown: RwSignal<Option<String>>, message: String) {
    shown.set(None);
    request_animation_frame(move || _ = shown.try_set(Some(message)));
}

/// Where the messages of [`redirect_with`] appear: a toast that announces itself and leaves after a few seconds.
#[component]
pub fn Flash() -> impl IntoView {
    let Shown(shown) = expect_context();
    let url = use_url();
    Effect::new(move |hydrated: Option<()>| {
        url.track();
        if hydrated.is_some() {
            match take() {
                Some(message) => show(shown, message),
                None => shown.set(None),
            }
        }
    });
    view! {
        <div class="flash" role="status">
            {move || shown.get().map(|text| view! { <p class="flash-message">{text}</p> })}
        </div>
    }
}
