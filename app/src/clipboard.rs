//! The clipboard, also where the page is not a secure context (plain http in a local network).

use leptos::prelude::{document, window};
use web_sys::{HtmlDocument, HtmlTextAreaElement, wasm_bindgen::JsCast};

/// Puts `text` on the clipboard. In the browser only.
pub(crate) fn copy(text: &str) {
    if window().is_secure_context() {
        // The promise is not awaited: the browser refuses only without a click, and this is one.
        let _ = window().navigator().clipboard().write_text(text);
    } else {
        // The old way is all that is left; where it fails too, the text can still be selected.
        let _ = copy_by_selection(text);
    }
}

fn copy_by_selection(text: &str) -> Option<()> {
    let page = document().unchecked_into::<HtmlDocument>();
    let body = page.body()?;
    let field = page.create_element("textarea").ok()?.unchecked_into::<HtmlTextAreaElement>();
    field.set_value(text);
    field.set_read_only(true);
    body.append_child(&field).ok()?;
    field.select();
    let done = page.exec_command("copy");
    field.remove();
    done.ok().map(|_| ())
}
