//! A custom provider: by what its issuer announces, or by hand.

use super::address::{part, query};
use super::custom_provider_form::EntryFields;
use crate::api::Within;
use crate::api::custom_providers::{SaveCustomProvider, Start, read_custom_start};
use crate::components::{
    Badge, Banner, Button, Columns, Field, LinkButton, Load, Look, PageHeader, Panel, Properties, Property, Stack, Tone,
};
use crate::error::FormError;
use crate::form::{Form, FormContext, Hidden};
use leptos::context::Provider;
use leptos::prelude::*;
use model::custom_providers::{Discovered, EntryForm};
use model::ids::ApplicationId;
use model::paths;

/// The page; its address holds the issuer, or `by=hand`.
#[component]
pub fn NewCustomProvider() -> impl IntoView {
    let (app, issuer, by) = (part("app"), query("issuer"), query("by"));
    let save = ServerAction::<SaveCustomProvider>::new();
    let read = Resource::new(move || (app.get(), issuer.get()), |(app, issuer)| read_custom_start(app, issuer));
    view! {
        <Load from=read what="The provider" view=move |read| view! { <Page save read by_hand=by.get() == "hand"/> }/>
    }
}

#[component]
fn Page(save: ServerAction<SaveCustomProvider>, read: Within<Start>, by_hand: bool) -> impl IntoView {
    let Within { id, name, may_change, here, .. } = read;
    let content = if !may_change {
        view! { <Banner tone=Tone::Neutral>"Your role may look at this and change nothing."</Banner> }.into_any()
    } else if let Some(discovered) = here.discovered.clone() {
        view! { <Review save app=id discovered/> }.into_any()
    } else if by_hand {
        view! { <ByHand save app=id/> }.into_any()
    } else {
        view! { <Ask app=id start=here/> }.into_any()
    };
    view! {
        <PageHeader title="Custom provider" of=name
            text="Any provider that speaks OAuth 2.0 or OpenID Connect. Only this application sees it."
            back=(paths::catalogue(id), "Catalogue".to_owned())/>
        {content}
    }
}

/// The issuer. The form puts it into the page's address, so that it works with scripts off.
#[component]
fn Ask(app: ApplicationId, start: Start) -> impl IntoView {
    let problem = start.problem;
    let error = (!problem.is_empty()).then(|| {
        let mut error = FormError::new(problem.clone());
        error.push("issuer", problem.clone());
        error
    });
    let context = FormContext { action: "", key: String::new(), error: Signal::stored(error) };
    let by_hand = format!("{}?by=hand", paths::new_custom_provider(app));
    view! {
        <Stack narrow=true>
            <Panel title="Ask the provider"
                text="Most providers publish their endpoints. Enter the issuer as their documentation gives it; you see everything before it is saved.">
                <form class="form" method="get">
                    <Provider value=context>
                        <Field name="issuer" label="Issuer URL" kind="url" mono=true value=start.issuer
                            placeholder="https://id.example.com" hint="https, without a query. Keybearer looks at its two well-known addresses."/>
                    </Provider>
                    <div class="form-actions">
                        <Button look=Look::Primary>"Discover"</Button>
                        <LinkButton href=by_hand look=Look::Quiet>"Enter everything by hand"</LinkButton>
                    </div>
                </form>
            </Panel>
        </Stack>
    }
}

#[component]
fn Review(save: ServerAction<SaveCustomProvider>, app: ApplicationId, discovered: Discovered) -> impl IntoView {
    let Discovered { document, findings, warnings, form } = discovered;
    let warnings = warnings.into_iter().map(|text| view! { <Banner tone=Tone::Warn>{text}</Banner> }).collect_view();
    let findings = StoredValue::new(findings);
    let beside = move || {
        let lines = findings.get_value().into_iter().map(|finding| {
            view! {
                <Property term=finding.label>
                    {finding.value}" "
                    {finding.elsewhere.then(|| view! { <Badge tone=Tone::Warn word="Other host"/> })}
                </Property>
            }
        });
        view! {
            <Panel title="What the issuer announces" text=document.clone()>
                <Properties>{lines.collect_view()}</Properties>
            </Panel>
        }
    };
    view! {
        {warnings}
        <Columns beside>
            <Panel title="Review and save" text="Nothing is saved yet. Correct what you know better.">
                <EntryForm save app form/>
            </Panel>
        </Columns>
    }
}

#[component]
fn ByHand(save: ServerAction<SaveCustomProvider>, app: ApplicationId) -> impl IntoView {
    view! {
        <Stack narrow=true>
            <Panel title="Enter everything by hand" text="From the provider's own documentation.">
                <EntryForm save app form=EntryForm { scope: "space".to_owned(), authentication: "basic".to_owned(), ..EntryForm::default() }/>
            </Panel>
        </Stack>
    }
}

#[component]
fn EntryForm(save: ServerAction<SaveCustomProvider>, app: ApplicationId, form: EntryForm) -> impl IntoView {
    view! {
        <Form action=save submit="Save" cancel=paths::catalogue(app)>
            <Hidden name="app" value=app.to_string()/>
            <EntryFields form/>
        </Form>
    }
}
