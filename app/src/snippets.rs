//! Snippets for an application's backend, with its own addresses and keys. Those of `app/snippets` are whole programs, and
//! tests run what the page shows.
#![cfg(feature = "ssr")]

use crate::api::applications::Snippet;
use model::applications::Language;

/// What the files have in the place of the server's address.
const ORIGIN: &str = "https://keybearer.example";
/// What they have in the place of a provider config's key.
const KEY: &str = "PROVIDER_KEY";

/// How to open a connect session and how to fetch a token.
pub(crate) fn snippets(language: Language, origin: &str, key: Option<&str>) -> Vec<Snippet> {
    let (session, token) = match language {
        Language::Curl => (include_str!("../snippets/session.sh"), include_str!("../snippets/token.sh")),
        Language::TypeScript => (include_str!("../snippets/session.ts"), include_str!("../snippets/token.ts")),
        Language::Python => (include_str!("../snippets/session.py"), include_str!("../snippets/token.py")),
        Language::Rust => (include_str!("../snippets/session.rs"), include_str!("../snippets/token.rs")),
    };
    let filled = |text: &str| text.trim_end().replace(ORIGIN, origin).replace(KEY, key.unwrap_or(KEY));
    vec![
        Snippet { label: "Open a connect session".into(), text: filled(session) },
        Snippet { label: "Fetch a token".into(), text: filled(token) },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snippets_have_the_applications_own_addresses_and_no_secret() {
        for language in Language::ALL {
            let snippets = snippets(*language, "http://localhost:1", Some("work"));
            for (snippet, path) in snippets.iter().zip(["/v1/connect-sessions", "/v1/token"]) {
                assert!(snippet.text.contains(&format!("http://localhost:1{path}")), "{}", snippet.text);
                assert!(snippet.text.contains("\"work\"") && snippet.text.contains("KEYBEARER_API_KEY"));
                assert!(!snippet.text.contains("kb_") && !snippet.text.contains(ORIGIN), "{}", snippet.text);
            }
        }
    }
}
