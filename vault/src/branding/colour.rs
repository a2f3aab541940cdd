//! Accents: whether people can read them, and the nearest colour that they can.
//!
//! Contrast is that of WCAG 2. An accent stands on the surface as text, and its mode's ink stands on it.

use csscolorparser::Color;
use model::branding::Accent;

/// What WCAG 2 asks of text of the usual size (1.4.3).
const LEAST: f32 = 4.5;
/// A colour that is made here has a little more, so that no browser's rounding makes it less.
const MADE: f32 = 4.6;
const STEP: f32 = 0.004;

/// A mode's ink and surface, as `style/tokens.css` has them in OKLCH; a test there would notice other figures.
struct Mode {
    grounds: [(f32, f32, f32); 2],
    /// Which way to go for more contrast.
    step: f32,
    name: &'static str,
}

const LIGHT: Mode = Mode { grounds: [(1.0, 0.0, 0.0), (1.0, 0.0, 0.0)], step: -STEP, name: "light" };
const DARK: Mode = Mode { grounds: [(0.175, 0.02, 264.0), (0.21, 0.009, 255.0)], step: STEP, name: "dark" };

/// What was typed, read: `#1f6feb`, `1f6feb`, `oklch(52% 0.19 264)`.
fn read(text: &str) -> Option<Color> {
    let colour = csscolorparser::parse(text.trim()).ok()?;
    (colour.a >= 1.0).then_some(colour.clamp())
}

/// Reads a light colour and a dark one, which is made of the light one where none is given.
///
/// # Errors
/// What is wrong with each field, with the nearest colour that passes.
pub(super) fn accent(light: &str, dark: &str) -> Result<Option<Accent>, Vec<(String, String)>> {
    let (light, dark) = (light.trim(), dark.trim());
    if light.is_empty() && dark.is_empty() {
        return Ok(None);
    }
    if light.is_empty() {
        return Err(vec![("accent".to_owned(), "Give the colour for light pages too.".to_owned())]);
    }
    let mut wrong = Vec::new();
    let derived = dark.is_empty();
    let first = check(light, &LIGHT).map_err(|why| wrong.push(("accent".to_owned(), why))).ok();
    let second = if derived {
        read(light).map(|colour| nearest(&colour, &DARK).to_css_hex())
    } else {
        check(dark, &DARK).map_err(|why| wrong.push(("accent_dark".to_owned(), why))).ok()
    };
    match (first, second) {
        (Some(light), Some(dark)) => Ok(Some(Accent { light, dark, derived })),
        _ => Err(wrong),
    }
}

/// The colours of a preview: whatever can be read, readable or not.
pub(super) fn preview(light: &str, dark: &str) -> Option<Accent> {
    let first = read(light)?;
    let second = read(dark);
    let derived = second.is_none();
    let second = second.unwrap_or_else(|| nearest(&first, &DARK));
    Some(Accent { light: first.to_css_hex(), dark: second.to_css_hex(), derived })
}

fn check(text: &str, mode: &Mode) -> Result<String, String> {
    let Some(colour) = read(text) else {
        return Err("Write it as #1f6feb or oklch(52% 0.19 264), without transparency.".to_owned());
    };
    let ratio = contrast(&colour, mode);
    if ratio >= LEAST {
        return Ok(colour.to_css_hex());
    }
    let better = nearest(&colour, mode).to_css_hex();
    // Rounded down: 4.47 must not be told as 4.5.
    let shown = (ratio * 10.0).floor() / 10.0;
    Err(format!(
        "On {} pages its contrast is {shown}, and text needs 4.5. The nearest that passes is {better}.",
        mode.name
    ))
}

/// The same hue with the least change of lightness that can be read.
fn nearest(colour: &Color, mode: &Mode) -> Color {
    let [mut lightness, chroma, hue, _] = colour.to_oklcha();
    let mut found = colour.clone();
    while contrast(&found, mode) < MADE && (0.0..=1.0).contains(&lightness) {
        lightness += mode.step;
        // Through the eight bits of a channel, so that what is shown is what was measured.
        let [red, green, blue, _] = Color::from_oklcha(lightness, chroma, hue, 1.0).clamp().to_rgba8();
        found = Color::from_rgba8(red, green, blue, 255);
    }
    found
}

/// The smaller of the contrasts with ink and surface.
fn contrast(colour: &Color, mode: &Mode) -> f32 {
    let own = luminance(colour);
    let with = |(lightness, chroma, hue): (f32, f32, f32)| {
        // As browsers paint it: in eight bits.
        let [red, green, blue, _] = Color::from_oklcha(lightness, chroma, hue.to_radians(), 1.0).clamp().to_rgba8();
        let other = luminance(&Color::from_rgba8(red, green, blue, 255));
        (own.max(other) + 0.05) / (own.min(other) + 0.05)
    };
    mode.grounds.into_iter().map(with).fold(f32::MAX, f32::min)
}

fn luminance(colour: &Color) -> f32 {
    let [red, green, blue, _] = colour.to_linear_rgba();
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, mode: &Mode) -> f32 {
        contrast(&read(text).unwrap(), mode)
    }

    #[test]
    fn the_formula_agrees_with_known_figures() {
        // WebAIM: #767676 on white is 4.54, #777777 is 4.48.
        assert!((of("#767676", &LIGHT) - 4.54).abs() < 0.01);
        assert!((of("#777777", &LIGHT) - 4.48).abs() < 0.01);
    }

    #[test]
    fn grounds_are_those_of_the_tokens() {
        let tokens = include_str!("../../../style/tokens.css");
        for line in [
            "--surface: light-dark(oklch(100% 0 0), oklch(21% 0.009 255));",
            "--on-accent: light-dark(oklch(100% 0 0), oklch(17.5% 0.02 264));",
        ] {
            assert!(tokens.contains(line), "{line}");
        }
    }

    #[test]
    fn a_colour_that_cannot_be_read_is_refused_with_the_nearest_that_can() {
        let wrong = accent("#ff9900", "").unwrap_err();
        let (field, message) = wrong.first().unwrap();
        assert_eq!(field, "accent");
        assert!(message.starts_with("On light pages its contrast is 2.1, and text needs 4.5."), "{message}");
        let better = message.rsplit(' ').next().unwrap().trim_end_matches('.');
        assert!((4.6..4.8).contains(&of(better, &LIGHT)), "{better}");
        assert_eq!(accent(better, "").unwrap().unwrap().light, better);
    }

    #[test]
    fn every_hue_has_a_readable_neighbour_in_both_modes() {
        for hue in 0..36 {
            for lightness in [0.02, 0.3, 0.55, 0.8, 0.98] {
                let colour = format!("oklch({lightness} 0.15 {})", hue * 10);
                for mode in [&LIGHT, &DARK] {
                    let found = nearest(&read(&colour).unwrap(), mode);
                    assert!(contrast(&found, mode) >= MADE, "{colour} in {}: {}", mode.name, found.to_css_hex());
                }
            }
        }
    }

    #[test]
    fn a_dark_colour_is_made_where_none_is_given_and_checked_where_one_is() {
        let made = accent("oklch(52% 0.19 264)", "").unwrap().unwrap();
        assert!(made.derived && of(&made.light, &LIGHT) >= LEAST && of(&made.dark, &DARK) >= LEAST, "{made:?}");
        let wrong = accent("#1f4fd0", "#1f4fd0").unwrap_err();
        assert_eq!(wrong.first().unwrap().0, "accent_dark");
        assert_eq!(accent("", " "), Ok(None));
        assert_eq!(accent("", "#fff").unwrap_err().first().unwrap().0, "accent");
    }

    #[test]
    fn only_opaque_colours_count_and_nothing_of_the_text_reaches_the_sheet() {
        for odd in ["red;}", "url(x)", "#12345678", "rgba(0,0,0,.5)", "blue", "#12"] {
            assert!(accent(odd, "").is_err(), "{odd}");
            assert_eq!(preview(odd, ""), None, "{odd}");
        }
        assert_eq!(preview("1f6feb", "").unwrap().light, "#1f6feb");
    }
}
