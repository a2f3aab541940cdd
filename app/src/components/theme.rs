//! Light, dark, or as the system has it.

use crate::form::Hidden;
use crate::icons::{Glyph, Icon};
use crate::theme::{SetTheme, Theme, chosen};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// What is chosen at the moment. Provided above everything that waits for the server: a `SharedValue` within content
/// that waits beside other content would be numbered differently on the two sides.
#[derive(Clone, Copy)]
struct Chosen(RwSignal<Theme>);

/// Provides the choice of theme. Once, in [`crate::App`].
pub fn provide_theme() {
    provide_context(Chosen(RwSignal::new(SharedValue::new(chosen).into_inner())));
}

/// Three buttons; the choice is a cookie that the shell reads, so the first byte is right.
#[component]
pub fn ThemeChoice() -> impl IntoView {
    let theme = use_context::<Chosen>().map_or_else(|| RwSignal::new(Theme::default()), |Chosen(theme)| theme);
    let buttons = Theme::ALL.iter().map(|&choice| {
        let pick = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            choice.apply();
            theme.set(choice);
        };
        let of = match choice {
            Theme::System => Glyph::Overview,
            Theme::Light => Glyph::Sun,
            Theme::Dark => Glyph::Moon,
        };
        view! {
            <button name="theme" value=choice.as_str() title=choice.label() aria-label=choice.label()
                aria-pressed=move || if theme.get() == choice { "true" } else { "false" } on:click=pick>
                <Icon of/>
            </button>
        }
    });
    view! {
        <form class="theme-choice" method="post" aria-label="Theme">
            <Hidden name="_action" value=SetTheme::PATH/>
            {buttons.collect_view()}
        </form>
    }
}
