//! A new application.

use crate::api::applications::{AddApplication, may_add_application};
use crate::components::{Choice, Field, Load, PageHeader, Panel, Radios, Stack};
use crate::form::Form;
use leptos::prelude::*;
use model::paths;

/// The form for a new application.
#[component]
pub fn NewApplication() -> impl IntoView {
    let add = ServerAction::<AddApplication>::new();
    let may = Resource::new(|| (), |()| may_add_application());
    view! {
        <PageHeader title="New application" text="What your end users connect their accounts to."
            back=(paths::APPLICATIONS.to_owned(), "Applications".to_owned())/>
        <Load from=may what="The form" view=move |()| view! {
            <Stack narrow=true>
                <Panel>
                    <Form action=add submit="Create application" cancel=paths::APPLICATIONS>
                        <Field name="name" label="Name" hint="End users see it when they are asked for access."/>
                        <Radios name="environment" label="Environment" value="development" choices=environments()
                            hint="It cannot be changed later: an application is either for trying out or for real."/>
                    </Form>
                </Panel>
            </Stack>
        }/>
    }
}

fn environments() -> Vec<Choice> {
    vec![
        Choice::new("development", "Development").text(
            "For building and testing: end users may return to loopback addresses, and keys begin with kb_test_.",
        ),
        Choice::new("production", "Production")
            .text("For your real end users: https only, and keys begin with kb_live_."),
    ]
}
