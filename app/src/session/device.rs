//! A browser in words, for people who look at their sessions. It proves nothing: anybody can send any User-Agent.

/// What the User-Agent says, the more special name first: all others are copied by somebody.
const BROWSERS: [(&str, &str); 8] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// "Firefox on Windows", or as much of it as can be told.
pub(super) fn in_words(user_agent: &str) -> String {
    let find = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Unknown browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn browsers_are_told_apart_though_each_names_the_others() {
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        for (user_agent, words) in [
            (format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {webkit} Chrome/130.0.0.0 Safari/537.36"), "Chrome on Windows"),
            (format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {webkit} Chrome/130.0.0.0 Safari/537.36 Edg/130.0"), "Edge on Windows"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0".to_owned(), "Firefox on Linux"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile Safari/604.1".to_owned(),
                "Safari on iPhone",
            ),
            (format!("Mozilla/5.0 (Linux; Android 14) {webkit} Chrome/130.0 Mobile Safari/537.36"), "Chrome on Android"),
            ("curl/8.5".to_owned(), "Unknown browser"),
            (String::new(), "Unknown browser"),
        ] {
            assert_eq!(in_words(&user_agent), words, "{user_agent}");
        }
    }
}
