//! The report of a test of a provider config.

use super::address::{part, visits};
use crate::api::connection_tests::read_connection_test;
use crate::components::{Banner, Check, Checks, LinkButton, Load, PageHeader, Panel, Stack, TestStatus, Time, Tone};
use leptos::prelude::*;
use model::connection_tests::{StepOutcome, TestState, TestStep};
use model::paths;

/// The report.
#[component]
pub fn ConnectionTest() -> impl IntoView {
    let (app, key, test, again) = (part("app"), part("key"), part("test"), visits());
    let read = Resource::new(
        move || (app.get(), key.get(), test.get(), again.get()),
        |(app, key, test, _)| read_connection_test(app, key, test),
    );
    view! {
        <Load from=read what="The report" view=move |read| {
            let (id, of, here) = (read.id, read.name, read.here);
            let page = paths::provider_config(id, &here.key);
            let (state, test) = (here.test.state, here.test);
            let badge = move || view! { <TestStatus of=state/> };
            let said = match state {
                TestState::Passed => (Tone::Good, "Everything that a connection needs works."),
                TestState::Failed => (Tone::Bad, "Something does not work: the steps below say what to do next."),
                TestState::Waiting => (Tone::Accent, "You are on the way through the provider's pages. Come back when you have allowed access."),
                TestState::Expired => (Tone::Neutral, "Nobody came back from the provider. It shows some mistakes on its own pages only: go through the readiness list, then test again."),
            };
            let what = if test.finished_at.is_some() { "Tested " } else { "Begun " };
            let at = test.finished_at.unwrap_or(test.created_at);
            let by = test.tested_by.map(|by| format!(" by {by}"));
            let any = !test.steps.is_empty();
            let steps = test.steps.into_iter().map(step).collect_view();
            view! {
                <PageHeader title="Connection test" of badge back=(page.clone(), here.provider)/>
                <Stack>
                    <Banner tone=said.0>{said.1}" "{what}<Time at/>{by}"."</Banner>
                    {any.then(|| view! { <Panel title="What was tried"><Checks label="Steps">{steps}</Checks></Panel> })}
                    <div class="row"><LinkButton href=page>"Back to the provider"</LinkButton></div>
                </Stack>
            }
        }/>
    }
}

fn step(step: TestStep) -> impl IntoView {
    let (tone, word) = match step.outcome {
        StepOutcome::Passed => (Tone::Good, "Passed"),
        StepOutcome::Noted => (Tone::Neutral, "Noted"),
        StepOutcome::Failed => (Tone::Bad, "Failed"),
    };
    let until = step.until.map(|at| view! { <p>"Ends "<Time at/>"."</p> });
    view! { <Check tone word title=step.title text=step.detail next=step.next>{until}</Check> }
}
