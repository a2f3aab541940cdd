//! The wasm entry: takes over the page that the server rendered.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script. Tests wait for `data-hydrated` before they click.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
    if let Some(root) = leptos::prelude::document().document_element() {
        // The root takes any attribute.
        let _ = root.set_attribute("data-hydrated", "1");
    }
}
