//! The place in a form for a passkey's answer. `app/src/passkeys.js` fills it in.

use crate::form::FormContext;
use leptos::prelude::*;

/// Which script's work a form needs before it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ceremony {
    /// Making a new passkey.
    Make,
    /// Using one.
    Use,
}

/// A passkey's answer, as a hidden field, and what the script says. Without scripts it stays empty.
#[component]
pub fn PasskeyInput(
    /// The server function's argument.
    #[prop(into)]
    name: String,
    /// What is done.
    ceremony: Ceremony,
    /// The path of the server function that the script asks first.
    begin: &'static str,
    /// What that function is told.
    #[prop(optional)]
    purpose: &'static str,
    /// Only when a button names it, not whenever the form is sent.
    #[prop(optional)]
    asked: bool,
) -> impl IntoView {
    let (form, field) = (use_context::<FormContext>(), name.clone());
    // Kept for a form that comes again with a proof.
    let value = SharedValue::new(move || form?.typed(&field)?.into_iter().next()).into_inner();
    let ceremony = match ceremony {
        Ceremony::Make => "make",
        Ceremony::Use => "use",
    };
    view! {
        <input type="hidden" name=name value=value data-passkey=ceremony data-begin=begin
            data-purpose=(!purpose.is_empty()).then_some(purpose) data-always=(!asked).then_some("true")/>
        <p class="passkey-said" role="status" data-passkey-said="true"></p>
    }
}

/// What shows only where the browser has passkeys: scripts have said so.
#[component]
pub fn WithPasskeys(
    /// A form with a [`PasskeyInput`].
    children: Children,
) -> impl IntoView {
    view! { <div class="with-passkeys">{children()}</div> }
}

/// What shows in its place elsewhere, with scripts off for one.
#[component]
pub fn WithoutPasskeys(
    /// What to do instead.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! { <p class="without-passkeys">{text}</p> }
}
