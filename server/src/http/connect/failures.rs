//! Why an account was not connected, in the end user's language, with the provider's own words where it gave any.

use super::words::Words;
use model::connect_sessions::ConnectError;

/// The sentence, and after it what the provider answered.
pub(super) fn in_words(words: Words, provider: &str, error: &ConnectError) -> String {
    let sentence = sentence(words, provider, &error.code);
    // The vault's own sentences are English, and say the same.
    let known = sentence_in_english(provider, &error.code);
    if !tells_more(&error.code) || error.detail.is_empty() || error.detail == known {
        return sentence;
    }
    format!("{sentence} {}", words.with("failed-words", &[("words", error.detail.trim_end_matches('.'))]))
}

fn sentence(words: Words, provider: &str, code: &str) -> String {
    match code {
        "access_denied" => words.text("failed-declined"),
        "provider_unavailable" => words.text("failed-unavailable"),
        "provider_refused" => words.text("failed-refused"),
        "exchange_interrupted" => words.text("failed-interrupted"),
        "provider_config_rejected" => words.text("failed-credentials"),
        "provider_config_disabled" => words.text("failed-switched-off"),
        "different_account" => words.with("failed-other-account", &[("provider", provider)]),
        "not_confirmed" => words.text("failed-unconfirmed"),
        _ => words.text("failed-here"),
    }
}

fn sentence_in_english(provider: &str, code: &str) -> String {
    sentence(Words::english(), provider, code)
}

/// Where the detail holds something that came from the provider.
fn tells_more(code: &str) -> bool {
    matches!(code, "access_denied" | "provider_unavailable" | "provider_refused")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(language: &str, code: &str, detail: &str, expected: &str) {
        let error = ConnectError { code: code.to_owned(), detail: detail.to_owned() };
        assert_eq!(in_words(Words::named(language).unwrap(), "Meetline", &error), expected);
    }

    #[test]
    fn the_providers_words_follow_ours_and_ours_are_not_said_twice() {
        let plain = "Access was declined at the provider.";
        check("en", "access_denied", plain, plain);
        check("de", "access_denied", plain, "Der Zugriff wurde beim Anbieter abgelehnt.");
        check(
            "de",
            "access_denied",
            "Ada said no.",
            "Der Zugriff wurde beim Anbieter abgelehnt. Die Antwort war: „Ada said no“",
        );
    }

    #[test]
    fn details_of_ours_alone_are_not_shown_in_another_language() {
        check("ja", "not_confirmed", "…", "ご本人であることを、アプリケーションが時間内に確認できませんでした。");
        check("en", "something_new", "x", "Something went wrong here; nothing was connected.");
    }
}
