//! A hosted connect page, without wasm.

use super::SANDBOX;
use crate::components::{
    Badge, Banner, Button, ConnectFrame, ConnectProvider, ConnectProviders, LinkButton, Look, Tone,
};
use crate::document::{Document, document};
use leptos::prelude::*;

/// The picker that an end user sees, complete.
pub fn connect_gallery(sheet: String) -> String {
    document(Document { title: "Connect your accounts · Acme Meetings".into(), sheet, ..Default::default() }, || {
        view! {
            <ConnectFrame application="Acme Meetings" title="Connect your accounts">
                <p>"Acme Meetings wants to use these accounts of "<strong>"Ada Lovelace"</strong>". You can end this at any time."</p>
                <ConnectProviders>
                    <ConnectProvider icon=SANDBOX name="Meetline" text="Read your profile and meetings">
                        <form method="post"><Button look=Look::Primary>"Continue"</Button></form>
                    </ConnectProvider>
                    <ConnectProvider icon=SANDBOX name="Sandbox" text="ada@example.com">
                        <Badge tone=Tone::Good word="Connected"/>
                    </ConnectProvider>
                </ConnectProviders>
                <Banner tone=Tone::Bad>"Meetline did not connect: access was denied there. Try again, or go back."</Banner>
                <LinkButton href="https://app.example.com/" look=Look::Plain>"Back to Acme Meetings"</LinkButton>
            </ConnectFrame>
        }
    })
}
