//! A field for a colour.

use super::Field;
use leptos::ev::Event;
use leptos::prelude::*;
use web_sys::wasm_bindgen::JsCast as _;
use web_sys::{EventInit, HtmlInputElement};

/// A colour as text, in any notation, and at its end the browser's own picker where scripts run.
#[component]
pub fn ColourField(
    /// The server function's argument.
    #[prop(into)]
    name: String,
    /// The visible label.
    #[prop(into)]
    label: String,
    /// The value before anything is typed.
    #[prop(optional, into)]
    value: String,
    /// A sentence below the control.
    #[prop(optional, into)]
    hint: String,
    /// An example.
    #[prop(optional, into)]
    placeholder: String,
) -> impl IntoView {
    let title = format!("Choose: {label}");
    let shown = swatch(&value).to_owned();
    let at_end = move || {
        let (title, shown) = (title.clone(), shown.clone());
        view! { <input class="colour-picker" type="color" aria-label=title.clone() title=title value=shown/> }
    };
    view! {
        <div class="colour-field" on:input=move |event| follow(&event)>
            <Field name label value hint placeholder optional=true mono=true at_end/>
        </div>
    }
}

/// What is typed is shown by the picker, and what is picked is written into the field as if it had been typed, so that
/// whoever listens hears of it.
fn follow(event: &Event) {
    let Some(changed) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
    let sibling =
        if changed.type_() == "color" { changed.previous_element_sibling() } else { changed.next_element_sibling() };
    let Some(other) = sibling.and_then(|sibling| sibling.dyn_into::<HtmlInputElement>().ok()) else { return };
    if changed.type_() != "color" {
        return other.set_value(swatch(&changed.value()));
    }
    other.set_value(&changed.value());
    // Not from within this listener, which hears of it too.
    request_animation_frame(move || {
        let init = EventInit::new();
        init.set_bubbles(true);
        if let Ok(event) = Event::new_with_event_init_dict("input", &init) {
            _ = other.dispatch_event(&event);
        }
    });
}

/// The colour that a picker shows: it knows six digits alone.
fn swatch(typed: &str) -> &str {
    if is_six_digits(typed) { typed } else { "#808080" }
}

fn is_six_digits(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}
