//! Keeps the focus in the page when what had it has gone, so that the keyboard goes on from there.

use crate::flash;
use leptos::prelude::*;
use leptos_router::hooks::use_url;
use web_sys::{FocusOptions, HtmlElement, wasm_bindgen::JsCast};

/// Whether anything has been replaced since the page was loaded: until then the browser decides.
#[derive(Clone, Copy)]
struct Replaced(StoredValue<bool>);

/// Begins to watch. Once, in [`crate::App`], inside the router and after [`flash::provide_flash`].
pub(crate) fn provide_focus() {
    let replaced = StoredValue::new(false);
    provide_context(Replaced(replaced));
    let url = use_url();
    Effect::new(move |loaded: Option<()>| {
        url.track();
        flash::track_changes();
        if loaded.is_some() {
            replaced.set_value(true);
        }
    });
}

/// To be called when content is about to take the place of other content.
pub(crate) fn keep() {
    if use_context::<Replaced>().is_some_and(|replaced| replaced.0.get_value()) {
        request_animation_frame(find);
    }
}

/// A focus that is lost goes to where the content begins.
fn find() {
    let page = document();
    let lost = page.active_element().is_none_or(|element| element.tag_name() == "BODY");
    if let Some(main) = page.get_element_by_id("main").filter(|_| lost) {
        // The router and the browser decide what is in view: after "back" it is what was before.
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        // An element that is gone already has no focus to take.
        let _ = main.unchecked_into::<HtmlElement>().focus_with_options(&options);
    }
}
