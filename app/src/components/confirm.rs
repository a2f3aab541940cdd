//! Asking before something is destroyed: a page of its own, and a dialog once the page is hydrated.

use super::{LinkButton, Look};
use leptos::context::Provider;
use leptos::ev::MouseEvent;
use leptos::{html, prelude::*};

/// The dialog around a form; context of what is inside. The form then has a Cancel that closes it.
#[derive(Clone, Copy)]
pub(crate) struct Dialog(NodeRef<html::Dialog>);

impl Dialog {
    pub(crate) fn close(self) {
        if let Some(dialog) = self.0.get_untracked() {
            dialog.close();
        }
    }
}

/// What a confirmation says: who is concerned and what follows. Around the form, on the page and in the dialog alike.
#[component]
pub fn Confirm(
    /// What will happen, and to whom: "Backends using ca_… get 410 at once."
    #[prop(into)]
    consequence: String,
    /// The form, with a button that repeats the verb and `cancel` back to where one came from.
    children: Children,
) -> impl IntoView {
    view! { <div class="confirm"><p>{consequence}</p>{children()}</div> }
}

/// Leads to the page at `href` that asks; once hydrated it opens the same question as a dialog instead. Escape and
/// Cancel close it and the focus returns here.
#[component]
pub fn ConfirmLink(
    /// The page that asks: "…/revoke".
    #[prop(into)]
    href: String,
    /// The button: "Revoke".
    #[prop(into)]
    label: String,
    /// The dialog's title, with verb and object: "Revoke Ada's account?"
    #[prop(into)]
    title: String,
    /// Tells dialogs on one page apart.
    #[prop(into)]
    id: String,
    /// How the button looks.
    #[prop(default = Look::Danger)]
    look: Look,
    /// A [`Confirm`] with its form, which needs no `cancel` here.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let heading = format!("{id}-title");
    let labelled_by = heading.clone();
    let open = move |event: MouseEvent| {
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        if dialog.get_untracked().is_some_and(|dialog| dialog.show_modal().is_ok()) {
            event.prevent_default();
        }
    };
    view! {
        <span class="confirm-link" on:click=open><LinkButton href look>{label}</LinkButton></span>
        <dialog class="dialog" node_ref=dialog aria-labelledby=labelled_by>
            <h2 id=heading>{title}</h2>
            <Provider value=Dialog(dialog)>{children()}</Provider>
        </dialog>
    }
}
