//! What shows data: tables, properties, steps, cards.

use super::{Part, SANDBOX};
use crate::components::{
    Badge, Card, CardGrid, Choice, Code, Column, Copy, CopyField, EmptyState, Field, Filters, Guide, LinkButton, Pager,
    Properties, Property, RowLink, Select, Step, Tab, Table, Tabs, Time, Tone,
};
use crate::icons::{Glyph, ProviderIcon};
use leptos::prelude::*;

const ROWS: [(&str, &str, &str, Tone, &str, u32, &str); 4] = [
    ("Ada Lovelace", "ada@example.com", "user_42", Tone::Good, "Active", 1204, "2026-11-24T14:58:24.123Z"),
    ("Grace Hopper", "grace@example.com", "user_43", Tone::Warn, "Needs reconnect", 88, "2026-11-24T09:12:00.000Z"),
    (
        "Wolfeschlegelsteinhausenbergerdorff Hubert",
        "hubert@a-very-long-domain.example.com",
        "customer-7f3a9c2e-0b1d",
        Tone::Good,
        "Active",
        7,
        "2026-11-19T08:00:00.000Z",
    ),
    ("Alan Turing", "alan@example.com", "user_45", Tone::Neutral, "Revoked", 0, "2026-06-07T08:00:00.000Z"),
];

#[component]
pub(super) fn Lists() -> impl IntoView {
    let columns = vec![
        Column::new("Account"),
        Column::new("Provider"),
        Column::new("Status"),
        Column::new("End user"),
        Column::end("Token reads"),
        Column::end("Last used"),
    ];
    let rows = ROWS.map(|(name, email, end_user, tone, word, reads, at)| {
        view! {
            <tr>
                <td><RowLink href="/gallery">{name}</RowLink><small>{email}</small></td>
                <td><ProviderIcon svg=SANDBOX size="small"/>"Meetline"</td>
                <td><Badge tone word/></td>
                <td><Copy label=format!("Copy id of {name}") text=end_user/></td>
                <td data-align="end">{reads}</td>
                <td data-align="end"><Time at/></td>
            </tr>
        }
    });
    view! {
        <Filters>
            <Field name="q" label="End user" kind="search" placeholder="Name, e-mail or id"/>
            <Select name="status" label="Status" choices=vec![
                Choice::new("", "Any"), Choice::new("active", "Active"), Choice::new("needs_reconnect", "Needs reconnect"),
            ]/>
        </Filters>
        <Table caption="Connected accounts" columns>{rows.collect_view()}</Table>
        <Pager newer="/gallery?before=a".to_owned() older="/gallery?after=b".to_owned()/>
        <Table caption="Webhooks" columns=vec![Column::new("Address"), Column::end("Created")]>
            <tr><td colspan="2">
                <EmptyState icon=Glyph::Webhooks title="No webhooks yet" text="Add an address to hear of new and lost connections.">
                    <LinkButton href="/gallery" icon=Glyph::Plus>"Add webhook"</LinkButton>
                </EmptyState>
            </td></tr>
        </Table>
    }
}

#[component]
pub(super) fn Details() -> impl IntoView {
    let snippet = "curl https://vault.example.com/v1/connect-sessions \\\n  -H \"Authorization: Bearer $KEYBEARER_API_KEY\" \\\n  -H \"Content-Type: application/json\" \\\n  -d '{\"end_user\": {\"id\": \"user_42\"}, \"providers\": [\"meetline\"]}'";
    view! {
        <Part title="Properties, code, tabs">
            <Properties>
                <Property term="Status"><Badge tone=Tone::Good word="Active"/></Property>
                <Property term="Id"><Copy label="Copy connected account id" text="ca_01jd8z6v3nf1rb2m5t7q9x0c4d"/></Property>
                <Property term="Client ID"><code>"qEwmZ7uDT6WcLkAq3Vt1g"</code></Property>
                <Property term="Scopes">"user:read:user, meeting:read:meeting, meeting:write:meeting"</Property>
                <Property term="Connected"><Time at="2026-10-30T11:00:00.000Z"/></Property>
                <Property term="Label">"–"</Property>
            </Properties>
            <Tabs label="Language">
                <Tab href="/gallery?code=curl" current=true>"curl"</Tab>
                <Tab href="/gallery?code=node" current=false>"Node"</Tab>
                <Tab href="/gallery?code=python" current=false>"Python"</Tab>
            </Tabs>
            <Code label="Create a connect session" text=snippet/>
        </Part>
    }
}

#[component]
pub(super) fn Steps() -> impl IntoView {
    view! {
        <Part title="Guide">
            <Guide>
                <Step title="Open the Meetline App Marketplace" done=true>
                    <p>"Sign in with an account that may create apps. A free account is enough."</p>
                </Step>
                <Step title="Create a General App" path=vec!["Develop".into(), "Build App".into(), "General App".into()]>
                    <p>"Choose "<strong>"User-managed"</strong>" so that each end user connects an account of their own."</p>
                </Step>
                <Step title="Paste the redirect URI">
                    <p>"Under "<strong>"OAuth Redirect URL"</strong>", exactly as it stands here."</p>
                    <CopyField id="guide-redirect-uri" label="Redirect URI" copy="Copy redirect URI"
                        value="https://vault.example.com/oauth/callback/app_01jd8z6v3nf1rb2m5t7q9x0c4d/meetline"/>
                </Step>
            </Guide>
        </Part>
    }
}

#[component]
pub(super) fn Cards() -> impl IntoView {
    view! {
        <CardGrid>
            <Card href="/gallery" icon=SANDBOX title="Meetline" text="Meetings, users and recordings of a Meetline account.">
                <Badge tone=Tone::Good word="Active"/>
            </Card>
            <Card href="/gallery" icon=SANDBOX title="Sandbox" text="A provider of our own that misbehaves on request. Only for development applications."/>
            <Card href="/gallery" icon=SANDBOX title="Another provider" text="One sentence that says what a connected account gives access to."/>
        </CardGrid>
    }
}
