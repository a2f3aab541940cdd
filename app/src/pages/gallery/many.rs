//! What concerns many rows at once: filters that are set, rows that are chosen, work that takes its time.

use super::Part;
use crate::components::{
    BulkState, Chips, Choice, Column, Field, Filters, MoreFilters, Progress, RowLink, Select, Table,
};
use leptos::prelude::*;
use model::bulk_revocations::BulkRevocationState as State;

#[component]
pub(super) fn Many() -> impl IntoView {
    let chips = vec![
        ("Status: Needs reconnect".to_owned(), "/gallery?without=status".to_owned()),
        ("Begins with: customer-7f3a9c2e-0b1d-4f6a-9a57-c0ffee".to_owned(), "/gallery?without=q".to_owned()),
    ];
    let rows = ["user_42", "user_43"].map(|id| {
        view! {
            <tr>
                <td><div class="choice"><input type="checkbox" name="id" value=id aria-label=format!("Choose {id}")/></div></td>
                <td><RowLink href="/gallery">{id}</RowLink></td>
                <td>"Meetline"</td>
            </tr>
        }
    });
    let columns = vec![Column::silent("Choose"), Column::new("End user"), Column::new("Provider")];
    view! {
        <Part title="More filters, and those that are set">
            <Filters>
                <Field name="many-q" label="Search" kind="search" placeholder="Begins with"/>
                <MoreFilters open=true>
                    <Field name="many-group" label="Group"/>
                    <Select name="many-unused" label="Use" choices=vec![Choice::new("", "Any"), Choice::new("never", "Never used")]/>
                </MoreFilters>
            </Filters>
            <Chips chips clear="/gallery".to_owned()/>
        </Part>
        <Part title="Chosen rows">
            <form class="selection" method="get">
                <div class="selection-actions">
                    <p>"2 accounts"</p>
                    <button class="button" data-look="plain">"Revoke chosen"</button>
                </div>
                <Table caption="Accounts to choose from" columns>{rows.collect_view()}</Table>
            </form>
        </Part>
        <Part title="Progress">
            <Progress label="Nothing done" done=0 of=1200 words="0 of 1,200 revoked"/>
            <Progress label="In the midst" done=431 of=1200 words="431 of 1,200 revoked"/>
            <Progress label="Done" done=1200 of=1200 words="1,200 of 1,200 revoked"/>
            <div class="row">{State::ALL.iter().map(|of| view! { <BulkState of=*of/> }).collect_view()}</div>
        </Part>
    }
}
