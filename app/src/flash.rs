//! A sentence that survives one redirect.

use crate::request;
use leptos::prelude::*;
use leptos_router::hooks::use_url;

/// For the page that a form leads to.
const COOKIE: &str = "flash";
/// For the page that the form stands on.
const SAID: &str = "said";

/// For server functions: go to the page `to` and say `message` there, once. The message travels in a readable cookie:
/// a sentence, never a secret.
pub fn redirect_with(to: &str, message: &str) {
    let here = request::here();
    let stays = here == to || here.split('?').next() == Some(to);
    request::set_cookie(if stays { SAID } else { COOKIE }, message, 60);
    request::redirect(to);
}

/// For server functions: say `message` on the page that is shown now. A form's server function that changes what the
/// page lists ends with this or with [`redirect_with`], so that the list is read again.
pub fn say(message: &str) {
    redirect_with(&request::here(), message);
}

fn take() -> Option<String> {
    take_from(COOKIE).or_else(|| take_from(SAID))
}

fn take_from(name: &str) -> Option<String> {
    let message = request::cookie(name)?;
    request::set_cookie(name, "", 0);
    Some(message)
}

/// What is shown at the moment; context of everything below [`crate::App`].
#[derive(Clone, Copy)]
struct Shown(RwSignal<Option<String>>);

/// How many answers have changed what a page shows without changing its address.
#[derive(Clone, Copy)]
struct Changes(RwSignal<u32>);

/// Provides the place for messages. Once, in [`crate::App`], around forms and [`Flash`].
pub(crate) fn provide_flash() {
    provide_context(Shown(RwSignal::new(SharedValue::new(take).into_inner())));
    provide_context(Changes(RwSignal::new(0)));
}

/// Shows a message that came with an answer and did not change the address, and has the page read again what it shows.
/// The router says nothing of those.
pub(crate) fn look() {
    let (Some(Shown(shown)), Some(Changes(changes))) = (use_context(), use_context()) else { return };
    if let Some(message) = take_from(SAID) {
        show(shown, message);
        changes.update(|count| *count += 1);
    } else if let Some(message) = take_from(COOKIE) {
        show(shown, message);
    }
}

/// Makes whatever reads this follow the answers that change a page in place.
pub(crate) fn track_changes() {
    if let Some(Changes(changes)) = use_context() {
        changes.track();
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
