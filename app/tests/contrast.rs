//! Every pair of colours that stands on each other is readable, in both modes. The figures are computed from
//! `style/tokens.css`: OKLCH to linear sRGB to the contrast of WCAG 2.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashMap;

const TOKENS: &str = include_str!("../../style/tokens.css");

/// Foreground, background, least contrast.
const PAIRS: [(&str, &str, f64); 36] = [
    ("line-strong", "surface", 3.0),
    ("line-strong", "canvas", 3.0),
    ("text", "canvas", 7.0),
    ("text", "surface", 7.0),
    ("text", "surface-2", 7.0),
    ("text", "accent-soft", 7.0),
    ("text", "good-soft", 7.0),
    ("text", "warn-soft", 7.0),
    ("text", "bad-soft", 7.0),
    ("text-2", "canvas", 4.5),
    ("text-2", "surface", 4.5),
    ("text-2", "surface-2", 4.5),
    ("text-2", "accent-soft", 4.5),
    ("text-2", "warn-soft", 4.5),
    ("text-3", "canvas", 4.5),
    ("text-3", "surface", 4.5),
    ("text-3", "surface-2", 4.5),
    ("accent", "canvas", 4.5),
    ("accent", "surface", 4.5),
    ("accent", "surface-2", 4.5),
    ("accent", "accent-soft", 4.5),
    ("accent-2", "surface", 4.5),
    ("on-accent", "accent", 4.5),
    ("on-accent", "accent-2", 4.5),
    ("on-accent", "bad", 4.5),
    ("on-accent", "bad-2", 4.5),
    ("good", "surface", 4.5),
    ("good", "surface-2", 4.5),
    ("good", "good-soft", 4.5),
    ("warn", "surface", 4.5),
    ("warn", "warn-soft", 4.5),
    ("bad", "canvas", 4.5),
    ("bad", "surface", 4.5),
    ("bad", "surface-2", 4.5),
    ("bad", "bad-soft", 4.5),
    // The toast: text and canvas change places.
    ("canvas", "text", 7.0),
];

#[test]
fn every_pair_of_colours_is_readable_in_both_modes() {
    let tokens = tokens();
    for (foreground, background, least) in PAIRS {
        for (mode, name) in ["light", "dark"].into_iter().enumerate() {
            let ratio = contrast(tokens[foreground][mode], tokens[background][mode]);
            assert!(ratio >= least, "{foreground} on {background}, {name}: {ratio:.2} is less than {least}");
        }
    }
}

#[test]
fn every_colour_is_inside_srgb() {
    for (name, modes) in tokens() {
        for colour in modes {
            for channel in linear(colour) {
                assert!((-0.005..=1.005).contains(&channel), "{name}: {colour:?} has a channel of {channel:.3}");
            }
        }
    }
}

#[test]
fn hover_has_more_contrast_than_rest() {
    let tokens = tokens();
    for (rest, hover) in [("accent", "accent-2"), ("bad", "bad-2")] {
        for mode in [0, 1] {
            let on = tokens["on-accent"][mode];
            assert!(contrast(on, tokens[hover][mode]) > contrast(on, tokens[rest][mode]), "{hover}, mode {mode}");
        }
    }
}

#[test]
fn the_formulas_agree_with_known_figures() {
    let (white, black) = ([1.0, 0.0, 0.0], [0.0, 0.0, 0.0]);
    assert!((contrast(white, black) - 21.0).abs() < 0.01);
    // #767676 on white is 4.54.
    assert!((contrast([0.5659, 0.0, 0.0], white) - 4.54).abs() < 0.02);
}

type Colour = [f64; 3];

/// Each token that is a colour without alpha, light and dark.
fn tokens() -> HashMap<String, [Colour; 2]> {
    let mut tokens = HashMap::new();
    for line in TOKENS.lines().filter(|line| !line.contains('/')) {
        let Some((name, value)) = line.trim().strip_prefix("--").and_then(|line| line.split_once(':')) else {
            continue;
        };
        let colours: Vec<Colour> = value.split("oklch(").skip(1).map(oklch).collect();
        match colours[..] {
            [both] => _ = tokens.insert(name.to_owned(), [both, both]),
            [light, dark] => _ = tokens.insert(name.to_owned(), [light, dark]),
            _ => {}
        }
    }
    assert!(tokens.len() >= 20, "{tokens:?}");
    tokens
}

fn oklch(text: &str) -> Colour {
    let inside = text.split(')').next().unwrap();
    let mut numbers = inside.split_whitespace().map(|number| number.trim_end_matches('%').parse::<f64>().unwrap());
    let mut next = || numbers.next().unwrap();
    [next() / 100.0, next(), next()]
}

fn linear([lightness, chroma, hue]: Colour) -> [f64; 3] {
    let (sin, cos) = hue.to_radians().sin_cos();
    let (a, b) = (chroma * cos, chroma * sin);
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
    ]
}

fn contrast(one: Colour, other: Colour) -> f64 {
    let luminance = |colour| {
        let [red, green, blue] = linear(colour).map(|channel| channel.clamp(0.0, 1.0));
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}
