//! Text fields of a [`crate::form::Form`].

use crate::form::FormContext;
use crate::icons::{Glyph, Icon};
use leptos::prelude::*;

/// The parts that every control shares: its id, its error and what describes it.
#[derive(Clone)]
pub(super) struct Control {
    pub(super) id: String,
    name: String,
    hint: String,
    form: Option<FormContext>,
}

impl Control {
    pub(super) fn new(name: &str, hint: String) -> Self {
        let form = use_context::<FormContext>();
        let id = form.as_ref().map_or_else(|| name.to_owned(), |form| form.id(name));
        Self { id, name: name.to_owned(), hint, form }
    }

    /// What was posted under this name; `None` when the form was not posted. Runs once, over hydration.
    pub(super) fn typed(&self) -> Option<Vec<String>> {
        let control = self.clone();
        SharedValue::new(move || control.form?.typed(&control.name)).into_inner()
    }

    pub(super) fn error(&self) -> Option<String> {
        let error = self.form.as_ref()?.error.try_get().flatten()?;
        error.of(&self.name).map(str::to_owned)
    }

    pub(super) fn invalid(&self) -> impl Fn() -> Option<&'static str> + Clone + Send + Sync + use<> {
        let control = self.clone();
        move || control.error().map(|_| "true")
    }

    /// Whether this is the first field with an error: it takes the focus where no script can give it.
    pub(super) fn first_bad(&self) -> impl Fn() -> bool + Clone + Send + Sync + use<> {
        let control = self.clone();
        move || {
            let error = control.form.as_ref().and_then(|form| form.error.try_get().flatten());
            error.is_some_and(|error| error.fields.first().is_some_and(|(name, _)| *name == control.name))
        }
    }

    pub(super) fn described_by(&self) -> impl Fn() -> Option<String> + Clone + Send + Sync + use<> {
        let control = self.clone();
        move || {
            let error = control.error().map(|_| format!("{}-error", control.id));
            let hint = (!control.hint.is_empty()).then(|| format!("{}-hint", control.id));
            let ids: Vec<_> = error.into_iter().chain(hint).collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        }
    }

    /// Error and hint, below the control.
    pub(super) fn notes(&self) -> impl IntoView + use<> {
        let control = self.clone();
        let hint_id = format!("{}-hint", self.id);
        let hint = self.hint.clone();
        view! {
            {move || control.error().map(|message| view! {
                <p class="field-error" id=format!("{}-error", control.id)><Icon of=Glyph::Error/>{message}</p>
            })}
            {(!hint.is_empty()).then(|| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
        }
    }
}

/// A text field. What was typed survives an error and hydration.
#[component]
pub fn Field(
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
    /// The input's type: `text`, `email`, `url`, `number`, `search`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What browsers may fill in: `off` unless said otherwise.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// An example, for formats that a label cannot tell.
    #[prop(optional, into)]
    placeholder: String,
    /// In the typeface of code: ids, URLs.
    #[prop(optional)]
    mono: bool,
    /// May stay empty, and says so.
    #[prop(optional)]
    optional: bool,
    /// Something to fill it in with, at the control's end.
    #[prop(optional, into)]
    at_end: Option<ViewFn>,
) -> impl IntoView {
    let control = Control::new(&name, hint);
    let value = control.typed().map_or(value, |typed| typed.into_iter().next().unwrap_or_default());
    view! {
        <div class="field">
            <div class="field-label">
                <label for=control.id.clone()>{label}</label>
                {optional.then(|| view! { <span>"Optional"</span> })}
            </div>
            <input id=control.id.clone() name=name type=kind autocomplete=autocomplete spellcheck="false"
                data-mono=mono.then_some("true")
                value=(!value.is_empty()).then_some(value)
                placeholder=(!placeholder.is_empty()).then_some(placeholder)
                autofocus=control.first_bad()
                aria-invalid=control.invalid()
                aria-describedby=control.described_by()/>
            {at_end.map(|at_end| at_end.run())}
            {control.notes()}
        </div>
    }
}

/// A secret: masked, may be pasted, and never sent back to a page. With `stored` an empty field means keep.
#[component]
pub fn SecretField(
    /// The server function's argument.
    #[prop(into)]
    name: String,
    /// The visible label.
    #[prop(into)]
    label: String,
    /// The last characters of the stored secret; empty when none is stored.
    #[prop(optional, into)]
    stored: String,
    /// A sentence below the control.
    #[prop(optional, into)]
    hint: String,
    /// `current-password` and `new-password` for people's passwords, otherwise `off`.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// May stay empty although nothing is stored, and says so.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let kept = (!stored.is_empty()).then(|| format!("Stored, ends in {stored}. Leave empty to keep it."));
    let hint = [kept, (!hint.is_empty()).then_some(hint)].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let control = Control::new(&name, hint);
    let mask = (!stored.is_empty()).then(|| format!("••••••••{stored}"));
    view! {
        <div class="field">
            <div class="field-label">
                <label for=control.id.clone()>{label}</label>
                {optional.then(|| view! { <span>"Optional"</span> })}
            </div>
            <input id=control.id.clone() name=name type="password" autocomplete=autocomplete spellcheck="false"
                data-mono="true"
                placeholder=mask
                autofocus=control.first_bad()
                aria-invalid=control.invalid()
                aria-describedby=control.described_by()/>
            {control.notes()}
        </div>
    }
}

/// A file from the visitor's disk; its form has `files=true`.
#[component]
pub fn FileField(
    /// The server function's argument, which gets the file in base64.
    #[prop(into)]
    name: String,
    /// The visible label.
    #[prop(into)]
    label: String,
    /// Media types that the browser offers; the server checks for itself.
    accept: &'static str,
    /// A sentence below the control.
    #[prop(optional, into)]
    hint: String,
) -> impl IntoView {
    let control = Control::new(&name, hint);
    view! {
        <div class="field">
            <div class="field-label"><label for=control.id.clone()>{label}</label></div>
            <input id=control.id.clone() name=name type="file" accept=accept
                autofocus=control.first_bad()
                aria-invalid=control.invalid()
                aria-describedby=control.described_by()/>
            {control.notes()}
        </div>
    }
}

/// Several lines of text, such as one scope or one address a line.
#[component]
pub fn TextArea(
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
    /// How many lines it shows.
    #[prop(default = 4)]
    rows: u8,
    /// In the typeface of code.
    #[prop(optional)]
    mono: bool,
    /// May stay empty, and says so.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let control = Control::new(&name, hint);
    let value = control.typed().map_or(value, |typed| typed.into_iter().next().unwrap_or_default());
    view! {
        <div class="field">
            <div class="field-label">
                <label for=control.id.clone()>{label}</label>
                {optional.then(|| view! { <span>"Optional"</span> })}
            </div>
            <textarea id=control.id.clone() name=name rows=rows.to_string() spellcheck="false"
                data-mono=mono.then_some("true")
                autofocus=control.first_bad()
                aria-invalid=control.invalid()
                aria-describedby=control.described_by()>{value}</textarea>
            {control.notes()}
        </div>
    }
}
