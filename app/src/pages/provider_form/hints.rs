//! What looks odd about credentials while they are typed. Never a reason to refuse.

use model::providers::ProviderView;

/// What stands in the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) client_id: String,
    pub(super) client_secret: String,
}

/// Sentences about lengths, swapped fields and spaces.
pub(super) fn of(provider: &ProviderView, typed: &Typed) -> Vec<String> {
    let (id, secret) = (typed.client_id.trim(), typed.client_secret.trim());
    let mut hints = Vec::new();
    if id != typed.client_id || secret != typed.client_secret {
        hints.push("Spaces around what was pasted are removed when you save.".to_owned());
    }
    let lengths = (id.chars().count(), secret.chars().count());
    let usual = (provider.client_id_length, provider.client_secret_length);
    if usual.0 != usual.1 && (Some(lengths.0), Some(lengths.1)) == (usual.1, usual.0) {
        hints.push("Client ID and Client Secret look swapped: each has the other's usual length.".to_owned());
        return hints;
    }
    let name = &provider.summary.name;
    for (what, length, usual) in [("Client ID", lengths.0, usual.0), ("Client Secret", lengths.1, usual.1)] {
        if let Some(usual) = usual.filter(|&usual| length > 0 && length != usual) {
            hints.push(format!("This {what} has {length} characters; {name}'s usually have {usual}."));
        }
    }
    hints
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::providers::{Guide, ProviderSummary};

    fn check(client_id: &str, client_secret: &str, expected: &[&str]) {
        let text = String::new;
        let summary = ProviderSummary {
            slug: text(),
            name: "Meetline".into(),
            description: text(),
            category: text(),
            icon: text(),
        };
        let provider = ProviderView {
            summary,
            properties: Vec::new(),
            guide: Guide::default(),
            links: Vec::new(),
            client_id_length: Some(4),
            client_secret_length: Some(6),
            events: None,
        };
        let typed = Typed { client_id: client_id.into(), client_secret: client_secret.into() };
        assert_eq!(of(&provider, &typed), expected, "{typed:?}");
    }

    #[test]
    fn odd_credentials_are_named_and_usual_ones_are_not() {
        check("", "", &[]);
        check("abcd", "abcdef", &[]);
        check("abcdef", "abcd", &["Client ID and Client Secret look swapped: each has the other's usual length."]);
        check("abc", "abcdef", &["This Client ID has 3 characters; Meetline's usually have 4."]);
        check(
            "abcd ",
            "abcde",
            &[
                "Spaces around what was pasted are removed when you save.",
                "This Client Secret has 5 characters; Meetline's usually have 6.",
            ],
        );
    }
}
