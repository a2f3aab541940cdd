//! How an application's connect pages look: name, logo, colours, help.

mod preview;

use super::address::{part, visits};
use crate::api::branding::{BrandingPage, ChangeBranding, ChangeLogo, RemoveLogo, read_branding};
use crate::components::{
    ColourField, Columns, Field, FileField, Load, Look, PageHeader, Panel, Properties, Property, Stack,
};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::branding::{Accent, Branding as Chosen};
use preview::{Preview, Shown};

/// The forms, and beside them what they make of a connect page.
#[component]
pub fn Branding() -> impl IntoView {
    let (app, again) = (part("app"), visits());
    let read = Resource::new(move || (app.get(), again.get()), |(app, _)| read_branding(app));
    let change = ServerAction::<ChangeBranding>::new();
    let (put, remove) = (ServerAction::<ChangeLogo>::new(), ServerAction::<RemoveLogo>::new());
    view! {
        <Load from=read what="The branding" view=move |read| {
            let (app, name) = (read.id.to_string(), read.name);
            let BrandingPage { branding: here, provider } = read.here;
            let shown = RwSignal::new(Shown::of(&name, provider, &here));
            let logo = here.logo.clone();
            view! {
                <PageHeader title="Branding" of=name.clone()/>
                <Columns beside=move || view! { <Preview shown/> }>
                    {if read.may_change {
                        view! {
                            <Words change app=app.clone() name here shown/>
                            <Logo put remove app stored=logo/>
                        }.into_any()
                    } else {
                        view! { <Facts name here/> }.into_any()
                    }}
                </Columns>
            }
        }/>
    }
}

/// The fields are heard as they are typed in, so that the preview follows.
#[component]
fn Words(
    change: ServerAction<ChangeBranding>,
    app: String,
    name: String,
    here: Chosen,
    shown: RwSignal<Shown>,
) -> impl IntoView {
    let (light, dark) = typed(here.accent);
    let hint = format!("What end users see at the top of every connect page. {name}, when it is empty.");
    view! {
        <Panel title="Name and colours" text="What end users see while they connect an account, and in self-service.">
            <div on:input=move |event| shown.update(|shown| shown.hear(&event))>
                <Form action=change submit="Save">
                    <Hidden name="app" value=app/>
                    <Field name="display_name" label="Display name" value=here.display_name.unwrap_or_default() optional=true hint/>
                    <ColourField name="accent" label="Accent colour" value=light placeholder="#1f6feb"
                        hint="For buttons and links, as #1f6feb or oklch(52% 0.19 264). Text must be readable on it and in it."/>
                    <ColourField name="accent_dark" label="Accent colour on dark pages" value=dark
                        hint="Made of the accent colour, when it is empty."/>
                    <Field name="support" label="Support" value=support(here.support) optional=true mono=true
                        placeholder="https://example.com/help" hint="An https address or an e-mail address, for end users who need help."/>
                </Form>
            </div>
        </Panel>
    }
}

#[component]
fn Logo(
    put: ServerAction<ChangeLogo>,
    remove: ServerAction<RemoveLogo>,
    app: String,
    stored: Option<String>,
) -> impl IntoView {
    let submit = if stored.is_some() { "Replace logo" } else { "Upload logo" };
    let owner = app.clone();
    view! {
        <Panel title="Logo" text="Stands beside the name, 32 pixels high.">
            <Stack>
                <Form action=put submit look=Look::Plain files=true>
                    <Hidden name="app" value=app/>
                    <FileField name="logo" label="Picture" accept="image/png,image/jpeg,image/webp"
                        hint="PNG, JPEG or WebP, at most 64 KB and 1024 pixels each way."/>
                </Form>
                {stored.map(|_| view! {
                    <Form action=remove submit="Remove logo" look=Look::Quiet inline=true>
                        <Hidden name="app" value=owner/>
                    </Form>
                })}
            </Stack>
        </Panel>
    }
}

/// For those who may look and not change.
#[component]
fn Facts(name: String, here: Chosen) -> impl IntoView {
    let (light, dark) = here.accent.map(|accent| (accent.light, accent.dark)).unzip();
    let or = |value: Option<String>| value.unwrap_or_else(|| "Keybearer's own".to_owned());
    view! {
        <Panel>
            <Properties>
                <Property term="Display name">{here.display_name.unwrap_or(name)}</Property>
                <Property term="Accent colour">{or(light)}</Property>
                <Property term="On dark pages">{or(dark)}</Property>
                <Property term="Logo">{if here.logo.is_some() { "Uploaded" } else { "None" }}</Property>
                <Property term="Support">{here.support.unwrap_or_else(|| "None".to_owned())}</Property>
            </Properties>
        </Panel>
    }
}

/// The fields' values: a dark colour that was made of the light one is not written out.
fn typed(accent: Option<Accent>) -> (String, String) {
    let Some(Accent { light, dark, derived }) = accent else { return Default::default() };
    (light, if derived { String::new() } else { dark })
}

fn support(stored: Option<String>) -> String {
    let stored = stored.unwrap_or_default();
    stored.strip_prefix("mailto:").map(str::to_owned).unwrap_or(stored)
}
