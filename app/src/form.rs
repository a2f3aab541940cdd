//! Forms that work with scripts off.
//!
//! Every form posts to its page's own address and names its server function in the hidden field `_action`. The server
//! (`server/src/http/portal.rs`) runs the function and answers 303 on success; on error it renders the page again with
//! status 422 and [`Refused`] as context, so that errors and what was typed are back in place; a function that answers
//! with something to show once renders the page with [`Answered`]. With scripts on, the same form calls the same
//! function by fetch.
//!
//! A function that wants a proof of who it is (`session::require_recent_proof`) makes its form ask for one in place. The
//! form then comes again, and `api::proof::confirm_identity` is called before the function itself, either way.
//!
//! A form whose answer shows a secret has `listed_at` and so a token: sent again, as when the answer is loaded again, it is
//! refused (`api::sent_forms`), and whoever wants another sends the form as it comes back.

use crate::api::proof::ConfirmIdentity;
use crate::components::{Button, Dialog, LinkButton, Look, ProofFields};
use crate::error::FormError;
use crate::flash;
use leptos::context::Provider;
use leptos::ev::SubmitEvent;
use leptos::form::FromFormData;
use leptos::server_fn::ServerFn;
use leptos::{html, prelude::*};
use serde::{Serialize, de::DeserializeOwned};
use web_sys::{HtmlElement, HtmlInputElement, wasm_bindgen::JsCast};

/// A form that the server did not accept; context of the page that is rendered again. It holds what was typed, secrets
/// too, so it is never serialised: each field takes its own value out and a secret field takes none.
#[derive(Clone)]
pub struct Refused {
    /// The server function's path.
    pub action: String,
    /// Which of several forms with the same server function.
    pub key: String,
    /// Names and values as they were posted.
    pub values: Vec<(String, String)>,
    /// What the server function said.
    pub error: FormError,
}

/// The answer of a form that has something to show in this one response; context of the page that is rendered again.
#[derive(Clone)]
pub struct Answered {
    /// The server function's path.
    pub action: String,
    /// The answer in JSON.
    pub json: String,
}

/// What the fields of a form know of it. An answer may take the form away that it belongs to: what is still shown then
/// asks by `try_get`.
#[derive(Clone)]
pub(crate) struct FormContext {
    pub(crate) action: &'static str,
    pub(crate) key: String,
    pub(crate) error: Signal<Option<FormError>>,
}

impl FormContext {
    fn posted(&self) -> Option<Refused> {
        use_context::<Refused>().filter(|refused| refused.action == self.action && refused.key == self.key)
    }

    /// The values that were posted under `name`; `None` when this form was not.
    pub(crate) fn typed(&self, name: &str) -> Option<Vec<String>> {
        let refused = self.posted()?;
        Some(refused.values.into_iter().filter(|(field, _)| field == name).map(|(_, value)| value).collect())
    }

    /// The id of a field's control: its name, unless several forms are told apart by key.
    pub(crate) fn id(&self, name: &str) -> String {
        if self.key.is_empty() { name.to_owned() } else { format!("{}-{name}", self.key) }
    }
}

/// A form for a server function that takes its fields as arguments, each `#[server(default)]`, and fails with
/// [`FormError`]. Several on one page are fine; several of the *same* function need a `key` and an action of their own.
#[component]
pub fn Form<S>(
    /// The action, made by `ServerAction::<SaveThing>::new()`.
    action: ServerAction<S>,
    /// The button: a verb and, where it helps, an object.
    #[prop(into)]
    submit: String,
    /// How the button looks; [`Look::Primary`] unless said otherwise.
    #[prop(default = Look::Primary)]
    look: Look,
    /// Where Cancel leads; without it there is no Cancel.
    #[prop(optional, into)]
    cancel: String,
    /// Tells several forms with the same server function apart: a row's id.
    #[prop(optional, into)]
    key: String,
    /// Where what the form makes is found, and that page's name: for a form whose answer shows a secret.
    #[prop(optional, into)]
    listed_at: Option<(String, String)>,
    /// Fields and button on one line, for a single field or none.
    #[prop(optional)]
    inline: bool,
    /// Has a [`crate::components::FileField`]: the browser sends it by itself, with scripts on too.
    #[prop(optional)]
    files: bool,
    /// Empties the fields after success, for forms that add to a list on the same page.
    #[prop(optional)]
    clear: bool,
    /// What stands beside the button: a second one, with a name and value of its own.
    #[prop(optional, into)]
    also: ViewFn,
    /// The fields.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView
where
    S: ServerFn<Error = FormError> + DeserializeOwned + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let form = NodeRef::<html::Form>::new();
    let (confirm, waiting) = (ServerAction::<ConfirmIdentity>::new(), StoredValue::new(None::<S>));
    let refused = errors_of(action, &key);
    let error = Signal::derive(move || confirm.value().get().and_then(Result::err).or_else(|| refused.get()));
    let context = FormContext { action: S::PATH, key: key.clone(), error };
    let (once, list) = (listed_at.is_some(), StoredValue::new(listed_at));
    let asked = Memo::new(move |_| error.get().and_then(|error| error.proof));
    let (ids, dialog) = (context.clone(), use_context::<Dialog>());
    Effect::new(move |_| match action.value().get() {
        Some(Err(_)) => request_animation_frame(move || focus_first_bad(form)),
        Some(Ok(_)) => {
            flash::look();
            if let Some(dialog) = dialog {
                dialog.close();
            }
            after_success(form, clear);
        }
        None => {}
    });
    Effect::new(move |_| match confirm.value().get() {
        Some(Err(_)) => request_animation_frame(move || focus_first_bad(form)),
        Some(Ok(())) => {
            if let Some(input) = waiting.try_update_value(Option::take).flatten() {
                action.dispatch(input);
            }
        }
        None => {}
    });
    let busy = Signal::derive(move || action.pending().get() || confirm.pending().get());
    let on_submit = move |event: SubmitEvent| {
        // One with files, or that cannot be read as the function's arguments, goes the way without scripts.
        let read = (files, S::from_event(&event), ConfirmIdentity::from_event(&event));
        let (false, Ok(input), Ok(proof)) = read else { return };
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        if asked.get_untracked().is_some() {
            waiting.set_value(Some(input));
            confirm.dispatch(proof);
        } else {
            action.dispatch(input);
        }
    };
    view! {
        <form class="form" method="post" enctype=files.then_some("multipart/form-data") novalidate node_ref=form on:submit=on_submit data-inline=inline.then_some("true")>
            <input type="hidden" name="_action" value=S::PATH/>
            {(!key.is_empty()).then(|| view! { <input type="hidden" name="_form" value=key/> })}
            {once.then(|| view! { <input type="hidden" name=FORM_TOKEN value=form_token()/> })}
            {move || error.try_get().flatten().map(|error| view! { <Summary error form=ids.clone() list=list.get_value()/> })}
            <Provider value=context.clone()>
                {children.map(|children| children())}
                {move || asked.try_get().flatten().map(|ways| view! { <ProofFields ways/> })}
            </Provider>
            <div class="form-actions">
                <Button look busy>{submit}</Button>
                <Provider value=context>{also.run()}</Provider>
                {cancel_of(cancel)}
            </div>
        </form>
    }
}

/// In a dialog Cancel closes it and has the focus at first; elsewhere it is a link, if there is somewhere to go.
fn cancel_of(href: String) -> Option<AnyView> {
    if let Some(dialog) = use_context::<Dialog>() {
        let close = move |_| dialog.close();
        return Some(
            view! { <button class="button" type="button" data-look="plain" autofocus on:click=close>"Cancel"</button> }
                .into_any(),
        );
    }
    (!href.is_empty()).then(|| view! { <LinkButton href look=Look::Quiet>"Cancel"</LinkButton> }.into_any())
}

/// What a server function answered, for results that are shown once (a new API key): works with scripts off too, where
/// the page is rendered again with the answer instead of a redirect. Functions that answer `()` need none of this.
pub fn answer<S>(action: ServerAction<S>) -> Signal<Option<S::Output>>
where
    S: ServerFn<Error = FormError> + Clone + Send + Sync + 'static,
    S::Output: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
{
    let posted = SharedValue::new(|| {
        let answered = use_context::<Answered>().filter(|answered| answered.action == S::PATH)?;
        serde_json::from_str::<S::Output>(&answered.json).ok()
    });
    let posted = StoredValue::new(posted.into_inner());
    Signal::derive(move || match action.value().get() {
        Some(answer) => answer.ok(),
        None => posted.get_value(),
    })
}

/// The field that holds a form's token.
pub const FORM_TOKEN: &str = "form_token";

/// Made by the server alone: only what it renders is sent without scripts, and loaded again.
fn form_token() -> String {
    #[cfg(feature = "ssr")]
    let token = vault::new_form_token().unwrap_or_default();
    #[cfg(not(feature = "ssr"))]
    let token = String::new();
    token
}

/// A value that the form carries along.
#[component]
pub fn Hidden(
    /// The server function's argument.
    #[prop(into)]
    name: String,
    /// Its value.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    view! { <input type="hidden" name=name value=value/> }
}

#[component]
fn Summary(error: FormError, form: FormContext, list: Option<(String, String)>) -> impl IntoView {
    let links = error.fields.into_iter().map(|(name, message)| {
        // rel=external: the browser itself follows the fragment, which moves the focus to the field.
        view! { <li><a rel="external" href=format!("#{}", form.id(&name))>{message}</a></li> }
    });
    let links: Vec<_> = links.collect();
    let list = list.filter(|_| error.sent_before);
    let notes: Vec<_> = error.notes.into_iter().map(|note| view! { <li>{note}</li> }).collect();
    view! {
        <div class="form-summary" role="alert" tabindex="-1">
            <p>{error.summary}</p>
            {list.map(|(href, label)| view! { <p><a href=href>{label}</a></p> })}
            {(!links.is_empty()).then(|| view! { <ul>{links}</ul> })}
            {(!notes.is_empty()).then(|| view! { <ul>{notes}</ul> })}
        </div>
    }
}

/// The error of the last submission, by fetch or by a posted page.
fn errors_of<S>(action: ServerAction<S>, key: &str) -> Signal<Option<FormError>>
where
    S: ServerFn<Error = FormError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let key = key.to_owned();
    let posted = SharedValue::new(move || {
        use_context::<Refused>().filter(|refused| refused.action == S::PATH && refused.key == key).map(|r| r.error)
    });
    let posted = StoredValue::new(posted.into_inner());
    Signal::derive(move || match action.value().get() {
        Some(answer) => answer.err(),
        None => posted.get_value(),
    })
}

fn focus_first_bad(form: NodeRef<html::Form>) {
    let Some(form) = form.get_untracked() else { return };
    let find = |selector| form.query_selector(selector).ok().flatten();
    let proof = || find("[data-proof] input:not([type=hidden])");
    if let Some(element) = find("[aria-invalid=true]").or_else(proof).or_else(|| find("[role=alert]")) {
        // An element that is gone already has no focus to give.
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}

/// A secret does not stay in the page once it is saved.
fn after_success(form: NodeRef<html::Form>, clear: bool) {
    let Some(form) = form.get_untracked() else { return };
    if clear {
        form.reset();
    }
    let Ok(secrets) = form.query_selector_all("input[type=password]") else { return };
    for at in 0..secrets.length() {
        if let Some(input) = secrets.get(at).and_then(|node| node.dyn_into::<HtmlInputElement>().ok()) {
            input.set_value("");
        }
    }
}
