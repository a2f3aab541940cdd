//! A form as it looks after a mistake.

use super::Part;
use super::forms::SaveExample;
use crate::components::{Field, Look, SecretField};
use crate::error::FormError;
use crate::form::{Form, Refused};
use leptos::context::Provider;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

const KEY: &str = "mistake";

#[component]
pub(super) fn Refusal() -> impl IntoView {
    let refused = Refused {
        action: SaveExample::PATH.into(),
        key: KEY.into(),
        values: vec![("client_id".into(), "<&\"> too short".into())],
        error: FormError::new("Meetline is not saved: check the fields below.")
            .field("client_id", "Enter the client ID: at least 10 characters.")
            .field("client_secret", "Enter the client secret."),
    };
    view! {
        <Part title="After a mistake">
            <Provider value=refused><Mistake/></Provider>
        </Part>
    }
}

#[component]
fn Mistake() -> impl IntoView {
    let save = ServerAction::<SaveExample>::new();
    view! {
        <Form action=save submit="Save" look=Look::Plain key=KEY>
            <Field name="client_id" label="Client ID" mono=true hint="22 characters, from App Credentials."/>
            <SecretField name="client_secret" label="Client Secret"/>
        </Form>
    }
}
