//! Complete pages without wasm, from the same components: the hosted connect pages.

use leptos::prelude::*;

/// What surrounds the body of a page made by [`document`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The title: "Connect Meetline · Acme".
    pub title: String,
    /// The language of its texts: `de`.
    pub language: &'static str,
    /// The style sheets' addresses, `/pkg/{build}/connect.css` first.
    pub sheets: Vec<String>,
    /// `light`, `dark`, or empty to follow the system.
    pub theme: String,
    /// A small inline script with its nonce; the answer's policy must then name it: `script-src 'nonce-…'`.
    pub script: Option<Script>,
}

/// An inline script of our own. Nothing of a request may be pasted into `source`; data goes into `data-*` attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Fresh for each answer.
    pub nonce: String,
    /// The script.
    pub source: &'static str,
}

/// Renders a complete page. `body` runs once and synchronously: no resources, actions or effects in it, so load first
/// and hand in owned values. Forms in it are plain HTML, since [`crate::form::Form`] belongs to server functions.
///
/// The page asks for nothing but its sheets and logo, so its policy can be `default-src 'none'; style-src 'self'; img-src
/// 'self' data:; form-action …; base-uri 'none'; frame-ancestors 'none'`. `form-action` must name the origin that a redirect after a
/// POST leads to, or Chromium stops there without a word.
pub fn document<V: IntoView>(page: Document, body: impl FnOnce() -> V) -> String {
    let owner = Owner::new_root(None);
    let html = owner.with(|| {
        let sheets = page.sheets.into_iter().map(|sheet| view! { <link rel="stylesheet" href=sheet/> }).collect_view();
        view! {
            <!DOCTYPE html>
            <html lang=page.language data-theme=(!page.theme.is_empty()).then_some(page.theme)>
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
                    <meta name="robots" content="noindex"/>
                    <title>{page.title}</title>
                    <link rel="icon" href=crate::ICON/>
                    {sheets}
                </head>
                <body>
                    <main>{body()}</main>
                    {page.script.map(|script| view! { <script nonce=script.nonce inner_html=script.source></script> })}
                </body>
            </html>
        }
        .to_html()
    });
    owner.unset_with_forced_cleanup();
    // The markers of hydration; text and attributes are escaped, so no content has them.
    html.replace("<!>", "")
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn page(script: Option<Script>) -> String {
        let page = Document {
            title: "A <b> · Acme".into(),
            language: "de",
            sheets: vec!["/pkg/dev/connect.css".into()],
            script,
            ..Default::default()
        };
        document(page, || view! { <p>"Hello"</p> })
    }

    #[test]
    fn a_page_is_plain_html_without_traces_of_hydration() {
        let html = page(None);
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"de\">"), "{html}");
        assert!(html.contains("<title>A &lt;b&gt; · Acme</title>"), "{html}");
        assert!(html.contains("<main><p>Hello</p></main>"), "{html}");
        for trace in ["<!>", "<script", "data-theme", "style="] {
            assert!(!html.contains(trace), "{trace}: {html}");
        }
    }

    #[test]
    fn a_script_carries_its_nonce() {
        let html = page(Some(Script { nonce: "abc".into(), source: "if (1 < 2) close()" }));
        assert!(html.contains("<script nonce=\"abc\">if (1 < 2) close()</script></body>"), "{html}");
    }
}
