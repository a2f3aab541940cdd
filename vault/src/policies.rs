//! What the policy of an API key lets through to a provider.

use http::Method;
use model::api_keys::Policy;

/// Why a policy does not allow a call, in a sentence; `None` when it does. `provider` is known by its slug and by its provider
/// config's key; `path` is what follows the base of the provider's API, as it is sent.
pub(crate) fn refusal(policy: &Policy, provider: [&str; 2], method: &Method, path: &str) -> Option<String> {
    let allows = |list: &Option<Vec<String>>, fits: &dyn Fn(&str) -> bool| {
        list.as_ref().is_none_or(|list| list.iter().any(|word| fits(word)))
    };
    let said = |list: &Option<Vec<String>>| match list.as_deref() {
        None | Some([]) => "none".to_owned(),
        Some(list) => list.join(", "),
    };
    let key = "This API key's policy allows";
    if !allows(&policy.providers, &|word| provider.contains(&word)) {
        return Some(format!("{key} these providers alone: {}.", said(&policy.providers)));
    }
    if !allows(&policy.methods, &|word| word == method.as_str()) {
        return Some(format!("{key} these methods alone: {}.", said(&policy.methods)));
    }
    if !allows(&policy.paths, &|pattern| covers(pattern, path)) {
        return Some(format!("{key} these paths alone: {}.", said(&policy.paths)));
    }
    None
}

/// Whether a pattern covers a path: to the letter, letter case included, and against exactly what is sent to the provider,
/// percent-encoding and all. `*` stands for one or more characters within a segment, but never for an encoded slash, which
/// the provider may take for one; `**` as a whole segment stands for any number of segments, none among them.
fn covers(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    wild(&pattern, &path, |part| *part == "**", |part, segment| covers_segment(part, segment))
}

fn covers_segment(pattern: &str, segment: &str) -> bool {
    let segment = segment.as_bytes();
    if !pattern.contains('*') {
        return pattern.as_bytes() == segment;
    }
    let slash = segment.windows(3).any(|three| three.eq_ignore_ascii_case(b"%2f"));
    let shortest = pattern.len();
    !slash && segment.len() >= shortest && wild(pattern.as_bytes(), segment, |b| *b == b'*', |a, b| a == b)
}

/// Matches with wild cards in time that grows with both lengths: only the last wild card is ever tried again.
fn wild<P, T>(pattern: &[P], text: &[T], is_wild: impl Fn(&P) -> bool, is_one: impl Fn(&P, &T) -> bool) -> bool {
    let (mut at, mut to, mut again) = (0, 0, None);
    while let Some(item) = text.get(to) {
        match pattern.get(at) {
            Some(part) if is_wild(part) => {
                again = Some((at, to));
                at += 1;
            }
            Some(part) if is_one(part, item) => (at, to) = (at + 1, to + 1),
            _ => match again {
                Some((star, from)) => {
                    again = Some((star, from + 1));
                    (at, to) = (star + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern.get(at..).is_some_and(|rest| rest.iter().all(is_wild))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_asks_for_everything_that_it_names() {
        let list = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        let get = ("GET", "/users/me");
        let check = |policy: &Policy, (method, path): (&str, &str), expected: Option<&str>| {
            let why = refusal(policy, ["acme", "acme-admin"], &method.parse().unwrap(), path);
            assert_eq!(why.as_deref(), expected, "{policy:?} {method} {path}");
        };
        check(&Policy::default(), ("PURGE", ""), None);
        check(&Policy { providers: list(&["acme"]), ..Policy::default() }, get, None);
        check(&Policy { providers: list(&["other", "acme-admin"]), ..Policy::default() }, get, None);
        let other = "This API key's policy allows these providers alone: other.";
        check(&Policy { providers: list(&["other"]), ..Policy::default() }, get, Some(other));
        let none = "This API key's policy allows these methods alone: none.";
        check(&Policy { methods: list(&[]), ..Policy::default() }, get, Some(none));
        let both = Policy { methods: list(&["GET"]), paths: list(&["/users/*", "/me"]), ..Policy::default() };
        check(&both, get, None);
        check(&both, ("get", "/users/me"), Some("This API key's policy allows these methods alone: GET."));
        let paths = "This API key's policy allows these paths alone: /users/*, /me.";
        check(&both, ("GET", "/users/me/meetings"), Some(paths));
        check(&both, ("GET", ""), Some(paths));
    }

    #[test]
    fn patterns_cover_what_they_say_and_nothing_else() {
        let check =
            |pattern: &str, path: &str, expected: bool| assert_eq!(covers(pattern, path), expected, "{pattern} {path}");
        check("/v2/users/me", "/v2/users/me", true);
        check("/v2/users/me", "/v2/users/Me", false);
        check("/v2/users/me", "/v2/users/me/", false);
        check("/v2/users/me", "/v2/users/%6De", false);
        check("/v2/users/*", "/v2/users/42", true);
        check("/v2/users/*", "/v2/users/", false);
        check("/v2/users/*", "/v2/users/42/meetings", false);
        check("/v2/users/*", "/v2/users/42%2Fmeetings", false);
        check("/v2/users/*", "/v2/users/42%2fmeetings", false);
        check("/v2/users/*", "/v2/users/a%20b", true);
        check("/v2/users/*/meetings", "/v2/users/42/meetings", true);
        check("/v2/users/*/meetings", "/v2/users/42/recordings", false);
        check("/v2/report-*.csv", "/v2/report-2026.csv", true);
        check("/v2/report-*.csv", "/v2/report-.csv", false);
        check("/v2/report-*.csv", "/v2/report-1.csv.csv", true);
        check("/v2/**", "/v2", true);
        check("/v2/**", "/v2/a/b/c", true);
        check("/v2/**", "/v2x/a", false);
        check("/v2/**", "/v2/a%2Fb", true);
        check("/**", "/anything/at/all", true);
        check("/v2/**/settings", "/v2/settings", true);
        check("/v2/**/settings", "/v2/a/b/settings", true);
        check("/v2/**/settings", "/v2/a/settings/b", false);
        check("/v2/**/a/**/b", "/v2/x/a/a/y/b", true);
        check("/v2/a**", "/v2/a/b", false);
        check("", "/", false);
    }

    #[test]
    fn a_pattern_made_to_take_long_does_not() {
        let (pattern, path) = (format!("/{}b", "*a".repeat(200)), format!("/{}", "a".repeat(20_000)));
        assert!(!covers(&pattern, &path));
        let (pattern, path) = (format!("{}/b", "/**/a".repeat(100)), "/a".repeat(5_000));
        assert!(!covers(&pattern, &path));
    }
}
