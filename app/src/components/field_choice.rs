//! Fields that choose: one of a list, one of a few with explanations, yes or no.

use super::field::Control;
use leptos::prelude::*;

/// One of several values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What people read.
    pub label: String,
    /// What it means; shown by [`Radios`] only.
    pub text: String,
}

impl Choice {
    /// A choice without an explanation.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), text: String::new() }
    }

    /// Adds the explanation.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }
}

/// One of a list.
#[component]
pub fn Select(
    /// The server function's argument, or the query's name in [`super::Filters`].
    #[prop(into)]
    name: String,
    /// The visible label.
    #[prop(into)]
    label: String,
    /// The list.
    choices: Vec<Choice>,
    /// The value before anything is chosen.
    #[prop(optional, into)]
    value: String,
    /// A sentence below the control.
    #[prop(optional, into)]
    hint: String,
) -> impl IntoView {
    let control = Control::new(&name, hint);
    let chosen = control.typed().and_then(|typed| typed.into_iter().next()).unwrap_or(value);
    let options = choices.into_iter().map(move |choice| {
        let selected = choice.value == chosen;
        view! { <option value=choice.value selected=selected>{choice.label}</option> }
    });
    view! {
        <div class="field">
            <div class="field-label"><label for=control.id.clone()>{label}</label></div>
            <select id=control.id.clone() name=name
                autofocus=control.first_bad()
                aria-invalid=control.invalid()
                aria-describedby=control.described_by()>
                {options.collect_view()}
            </select>
            {control.notes()}
        </div>
    }
}

/// One of a few, each with an explanation.
#[component]
pub fn Radios(
    /// The server function's argument.
    #[prop(into)]
    name: String,
    /// The visible label of the group.
    #[prop(into)]
    label: String,
    /// The few.
    choices: Vec<Choice>,
    /// The value before anything is chosen.
    #[prop(optional, into)]
    value: String,
    /// A sentence below the group.
    #[prop(optional, into)]
    hint: String,
) -> impl IntoView {
    let control = Control::new(&name, hint);
    let chosen = control.typed().and_then(|typed| typed.into_iter().next()).unwrap_or(value);
    let id = control.id.clone();
    let radios = choices.into_iter().enumerate().map(move |(at, choice)| {
        // The first one has the field's own id, so that the summary's link leads to it.
        let id = if at == 0 { id.clone() } else { format!("{id}-{}", choice.value) };
        let text_id = format!("{id}-text");
        let described = (!choice.text.is_empty()).then(|| text_id.clone());
        let checked = choice.value == chosen;
        view! {
            <div class="choice">
                <input type="radio" id=id.clone() name=name.clone() value=choice.value checked=checked aria-describedby=described/>
                <label for=id>{choice.label}</label>
                {(!choice.text.is_empty()).then(|| view! { <p id=text_id>{choice.text}</p> })}
            </div>
        }
    });
    view! {
        <fieldset class="field" aria-describedby=control.described_by()>
            <legend>{label}</legend>
            <div class="radios">{radios.collect_view()}</div>
            {control.notes()}
        </fieldset>
    }
}

/// Any number of a few. The server function's argument is `Vec<String>`, under this name; the inputs' name ends in `[]`.
#[component]
pub fn Checkboxes(
    /// The server function's argument.
    #[prop(into)]
    name: String,
    /// The visible label of the group.
    #[prop(into)]
    label: String,
    /// The few; what each means stands below its label.
    choices: Vec<Choice>,
    /// The values that are ticked at first.
    chosen: Vec<String>,
    /// A sentence below the group.
    #[prop(optional, into)]
    hint: String,
) -> impl IntoView {
    let control = Control::new(&name, hint);
    let sent = format!("{name}[]");
    let chosen = Control::new(&sent, String::new()).typed().unwrap_or(chosen);
    let id = control.id.clone();
    let boxes = choices.into_iter().enumerate().map(move |(at, choice)| {
        // The first one has the field's own id, so that the summary's link leads to it.
        let id = if at == 0 { id.clone() } else { format!("{id}-{at}") };
        let (text_id, checked) = (format!("{id}-text"), chosen.contains(&choice.value));
        view! {
            <div class="choice">
                <input type="checkbox" id=id.clone() name=sent.clone() value=choice.value checked=checked aria-describedby=text_id.clone()/>
                <label for=id>{choice.label}</label>
                <p id=text_id><code>{choice.text}</code></p>
            </div>
        }
    });
    view! {
        <fieldset class="field" aria-describedby=control.described_by()>
            <legend>{label}</legend>
            <div class="checkboxes">{boxes.collect_view()}</div>
            {control.notes()}
        </fieldset>
    }
}

/// Yes or no. The server function's argument is `Option<String>`, or `Vec<String>` under a name that ends in `[]`.
#[component]
pub fn Checkbox(
    /// The server function's argument.
    #[prop(into)]
    name: String,
    /// What it is about.
    #[prop(into)]
    label: String,
    /// What the form sends when it is ticked: `on` unless said otherwise.
    #[prop(default = "on".to_owned(), into)]
    value: String,
    /// Whether it is ticked at first.
    #[prop(optional)]
    checked: bool,
    /// What follows from it.
    #[prop(optional, into)]
    hint: String,
) -> impl IntoView {
    let control = Control::new(&name, hint);
    let checked = control.typed().map_or(checked, |typed| typed.contains(&value));
    let id = if value == "on" { control.id.clone() } else { format!("{}-{value}", control.id) };
    view! {
        <div class="choice">
            <input type="checkbox" id=id.clone() name=name value=value checked=checked
                aria-invalid=control.invalid() aria-describedby=control.described_by()/>
            <label for=id>{label}</label>
            {control.notes()}
        </div>
    }
}
