//! Buttons and fields.

use super::Part;
use crate::components::{
    Badge, Banner, Button, Checkbox, Choice, Confirm, ConfirmLink, CopyField, Field, LinkButton, LinksOnce, Look,
    Panel, ProofFields, Radios, SecretField, SecretOnce, Select, Stack, TextArea, Tone,
};
use crate::error::FormError;
use crate::form::{Form, Hidden, answer};
use crate::icons::Glyph;
use crate::wire::Json;
use leptos::prelude::*;
use model::second_factors::Ways;

/// Checks and forgets.
#[server(output = Json)]
pub async fn save_example(
    /// The OAuth client id.
    #[server(default)]
    client_id: String,
    /// The client secret.
    #[server(default)]
    client_secret: String,
) -> Result<(), FormError> {
    let mut wrong = FormError::new("Meetline is not saved: check the fields below.");
    if client_id.trim().len() < 10 {
        wrong.push("client_id", "Enter the client ID: at least 10 characters, as on the provider's page.");
    }
    if client_secret.is_empty() {
        wrong.push("client_secret", "Enter the client secret.");
    }
    wrong.check()?;
    crate::flash::say("Meetline is saved.");
    Ok(())
}

/// Makes something that is shown once.
#[server(output = Json)]
pub async fn make_example(
    /// Its name.
    #[server(default)]
    key_name: String,
) -> Result<String, FormError> {
    if key_name.trim().is_empty() {
        return FormError::new("The key is not created.").field("key_name", "Enter a name.").refuse();
    }
    Ok("kb_test_3kTMd9AbJrX0yPz5WvQf7sLhNc2EgUo8ViKa4BxYt1Z9q0R".into())
}

/// Destroys nothing.
#[server(output = Json)]
pub async fn revoke_example(
    /// Whose.
    #[server(default)]
    account: String,
) -> Result<(), FormError> {
    crate::flash::say(&format!("{account} is revoked."));
    Ok(())
}

#[component]
pub(super) fn Buttons() -> impl IntoView {
    let busy = Signal::derive(|| true);
    view! {
        <Part title="Buttons and badges">
            <div class="row">
                <Button look=Look::Plain kind="button">"Plain"</Button>
                <Button look=Look::Danger kind="button" icon=Glyph::Trash>"Remove"</Button>
                <Button look=Look::Quiet kind="button">"Quiet"</Button>
                <Button look=Look::Plain kind="button" busy>"Saving"</Button>
                <LinkButton href="https://example.com" external=true>"Open the provider"</LinkButton>
            </div>
            <div class="row">
                <Badge tone=Tone::Good word="Active"/>
                <Badge tone=Tone::Warn word="Not verified yet"/>
                <Badge tone=Tone::Bad word="Rejected"/>
                <Badge word="Disabled"/>
                <Badge tone=Tone::Accent word="Development"/>
            </div>
        </Part>
    }
}

#[component]
pub(super) fn Forms() -> impl IntoView {
    let save = ServerAction::<SaveExample>::new();
    view! {
        <Panel title="Credentials" text="From your app's page at the provider.">
            <Form action=save submit="Save" look=Look::Plain cancel="/gallery">
                <CopyField id="redirect-uri" label="Redirect URI" copy="Copy redirect URI"
                    value="https://vault.example.com/oauth/callback/app_01jd8z6v3nf1rb2m5t7q9x0c4d/meetline"
                    hint="Paste it at the provider, exactly as it stands here."/>
                <Field name="client_id" label="Client ID" mono=true hint="22 characters, from App Credentials."/>
                <SecretField name="client_secret" label="Client Secret" stored="4f2a"/>
                <TextArea name="scopes" label="Scopes" mono=true optional=true hint="One a line." rows=3/>
                <Select name="region" label="Region" choices=vec![Choice::new("global", "Global"), Choice::new("gov", "Government")]/>
                <Radios name="environment" label="Environment" value="development" choices=vec![
                    Choice::new("development", "Development").text("Loopback return addresses and the sandbox."),
                    Choice::new("production", "Production").text("Real end users."),
                ]/>
                <Checkbox name="confirm" label="Ask the backend to confirm" hint="Stops a link that was sent to somebody else."/>
            </Form>
        </Panel>
        <Panel title="A form that was asked for a proof">
            <ProofFields ways=Ways { password: true, authenticator: true, passkey: true, recovery_code: false }/>
        </Panel>
        <Once/>
        <Danger/>
    }
}

#[component]
fn Once() -> impl IntoView {
    let make = ServerAction::<MakeExample>::new();
    let made = answer(make);
    view! {
        <Panel title="Shown once">
            <Stack>
                {move || made.get().map(|key| view! {
                    <SecretOnce label="API key" value=key copy="Copy API key" hint="Keep it where your backend reads its secrets."/>
                })}
                <LinksOnce label="2 reconnect links" csv="" file="links.csv" hint="They end after 7 days." links=vec![
                    ("user_42".to_owned(), "https://vault.example.com/connect/6nX2".to_owned()),
                    ("user_43".to_owned(), "https://vault.example.com/connect/9kQ1".to_owned()),
                ]/>
                <Form action=make submit="Create key" look=Look::Plain inline=true clear=true>
                    <Field name="key_name" label="Name" placeholder="Production backend"/>
                </Form>
            </Stack>
        </Panel>
    }
}

#[component]
fn Danger() -> impl IntoView {
    let revoke = ServerAction::<RevokeExample>::new();
    view! {
        <Panel title="Revoke this account" tone=Tone::Bad
            text="Ends the connection here and at the provider. This cannot be undone."
            actions=move || view! {
                <ConfirmLink id="revoke" href="/gallery/revoke" label="Revoke" title="Revoke Ada's Meetline account?">
                    <Confirm consequence="Backends using ca_01jd8z6v3nf1rb2m5t7q9x0c4d get 410 at once. Ada has to connect again.">
                        <Form action=revoke submit="Revoke account" look=Look::Danger key="revoke">
                            <Hidden name="account" value="Ada's account"/>
                        </Form>
                    </Confirm>
                </ConfirmLink>
            }/>
        <Banner tone=Tone::Bad>"Meetline refuses these credentials: "<strong>"invalid_client"</strong>". Check them and save again."</Banner>
    }
}
