//! Password, second factors and sessions of the person who is signed in.

mod authenticator;
mod factors;
mod passkeys;
mod recovery_codes;
mod sessions;

pub use authenticator::{Authenticator, RemoveAuthenticator};
pub use passkeys::{NewPasskey, Passkey};
pub use recovery_codes::NewRecoveryCodes;

use super::address::visits;
use crate::api::people::{ChangePassword, read_member};
use crate::api::portal_sessions::read_portal_sessions;
use crate::api::second_factors::read_second_factors;
use crate::components::{Load, Look, PageHeader, Panel, SecretField, Stack};
use crate::form::Form;
use factors::Factors;
use leptos::prelude::*;
use sessions::Sessions;

/// The back link of the pages below this one.
fn back() -> (String, String) {
    (model::paths::SECURITY.to_owned(), "Security".to_owned())
}

/// Everything about signing in.
#[component]
pub fn Security() -> impl IntoView {
    let change = ServerAction::<ChangePassword>::new();
    let again = visits();
    let all = Resource::new(
        move || (again.get(), change.version().get()),
        |_| async {
            let (member, factors) = (read_member().await?, read_second_factors().await?);
            Ok((member, factors, read_portal_sessions().await?))
        },
    );
    view! {
        <Load from=all what="The security page" view=move |(member, factors, sessions)| {
            let has_password = factors.has_password;
            let (title, submit) = if has_password { ("Password", "Change password") } else { ("Password", "Set password") };
            view! {
                <PageHeader title="Security" of=member.organization_name/>
                <Stack>
                    <Factors factors/>
                    <Panel title text="Changing it signs you out everywhere else.">
                        <Form action=change submit look=Look::Plain clear=true>
                            {has_password.then(|| view! {
                                <SecretField name="present_password" label="Present password" autocomplete="current-password"/>
                            })}
                            <SecretField name="new_password" label="New password" autocomplete="new-password" hint="At least 10 characters."/>
                        </Form>
                    </Panel>
                    <Sessions sessions/>
                </Stack>
            }
        }/>
    }
}
