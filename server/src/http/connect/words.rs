//! What connect pages say, in one language.

use super::languages::{ENGLISH as ENGLISH_OF, LANGUAGES, Language, PSEUDO, named, preferred};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::{Timestamp, tz::Offset};
use leptos::prelude::*;
use std::borrow::Cow;
use std::sync::LazyLock;
use vault::Millis;

/// Around a value that is to stand out, within a message that is not yet a page. No text that is shown has them.
const STRONG: (char, char) = ('\u{e000}', '\u{e001}');

static ENGLISH: LazyLock<Spoken> = LazyLock::new(|| spoken(ENGLISH_OF, ENGLISH_OF.code));
static OTHERS: LazyLock<Vec<Spoken>> =
    LazyLock::new(|| LANGUAGES.iter().skip(1).map(|language| spoken(language, language.code)).collect());
static PSEUDO_ENGLISH: LazyLock<Spoken> = LazyLock::new(pseudo);

/// A language that can be spoken.
struct Spoken {
    code: &'static str,
    messages: FluentBundle<FluentResource>,
}

/// The words of one language.
#[derive(Clone, Copy)]
pub(super) struct Words(&'static Spoken);

impl Words {
    /// Those of a language by its code.
    pub(super) fn named(code: &str) -> Option<Self> {
        if cfg!(debug_assertions) && code.eq_ignore_ascii_case(PSEUDO) {
            return Some(Self(&PSEUDO_ENGLISH));
        }
        named(code).map(Self::at)
    }

    /// Those that an `Accept-Language` header likes best.
    pub(super) fn preferred(header: &str) -> Self {
        Self::named(header).unwrap_or_else(|| Self::at(preferred(header)))
    }

    /// English, in which other parts of Keybearer write.
    pub(super) fn english() -> Self {
        Self(&ENGLISH)
    }

    fn at(place: usize) -> Self {
        place.checked_sub(1).and_then(|place| OTHERS.get(place)).map_or_else(Self::english, Self)
    }

    /// As `<html lang>` has it.
    pub(super) fn code(self) -> &'static str {
        if self.0.code == PSEUDO { "en" } else { self.0.code }
    }

    /// A message, or with `key.attribute` a part of one.
    pub(super) fn text(self, key: &str) -> String {
        self.format(key, &FluentArgs::new())
    }

    /// A message with values put in.
    pub(super) fn with(self, key: &str, values: &[(&'static str, &str)]) -> String {
        self.format(key, &arguments(values, &[]))
    }

    /// A message in which the values named `strong` stand out.
    pub(super) fn rich(self, key: &str, strong: &[&'static str], values: &[(&'static str, &str)]) -> AnyView {
        let text = self.format(key, &arguments(values, strong));
        // An empty text would become a space.
        let plain = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let parts = text.split(STRONG.0).map(|part| match part.split_once(STRONG.1) {
            Some((strong, rest)) => (Some(strong.to_owned()), plain(rest)),
            None => (None, plain(part)),
        });
        let parts = parts.map(|(strong, rest)| view! { {strong.map(|text| view! { <strong>{text}</strong> })}{rest} });
        parts.collect_view().into_any()
    }

    /// A day, in UTC.
    pub(super) fn date(self, at: Millis) -> String {
        let date = Offset::UTC.to_datetime(Timestamp::from_millisecond(at).unwrap_or_default()).date();
        let mut values = FluentArgs::new();
        // Without a fraction or separators, so that a year is no quantity.
        values.set("day", i64::from(date.day()));
        values.set("month", i64::from(date.month()));
        values.set("year", date.year().to_string());
        self.format("date", &values)
    }

    fn format(self, key: &str, values: &FluentArgs<'_>) -> String {
        let (id, attribute) = key.split_once('.').map_or((key, None), |(id, attribute)| (id, Some(attribute)));
        let message = self.0.messages.get_message(id);
        let pattern = message.and_then(|message| match attribute {
            Some(attribute) => message.get_attribute(attribute).map(|attribute| attribute.value()),
            None => message.value(),
        });
        let Some(pattern) = pattern else {
            tracing::error!(key, language = self.0.code, "A message is missing.");
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text = self.0.messages.format_pattern(pattern, Some(values), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(key, language = self.0.code, ?errors, "A message lacks a value.");
        }
        text
    }
}

fn arguments<'a>(values: &'a [(&'static str, &'a str)], strong: &[&'static str]) -> FluentArgs<'a> {
    let mut arguments = FluentArgs::with_capacity(values.len());
    for (name, value) in values {
        let value = value.replace([STRONG.0, STRONG.1], "");
        let value = if strong.contains(name) { format!("{}{value}{}", STRONG.0, STRONG.1) } else { value };
        arguments.set(*name, FluentValue::from(value));
    }
    arguments
}

fn spoken(language: &'static Language, code: &'static str) -> Spoken {
    let mut messages = FluentBundle::new_concurrent(language.code.parse().into_iter().collect());
    // Every language here runs from left to right, and style isolates names.
    messages.set_use_isolating(false);
    let resource = FluentResource::try_new(language.source.to_owned()).unwrap_or_else(|(resource, errors)| {
        tracing::error!(language = code, ?errors, "Messages cannot be read.");
        resource
    });
    if let Err(errors) = messages.add_resource(resource) {
        tracing::error!(language = code, ?errors, "Messages are there twice.");
    }
    Spoken { code, messages }
}

/// English in full-width letters, in debug builds.
fn pseudo() -> Spoken {
    let mut spoken = spoken(ENGLISH_OF, PSEUDO);
    spoken.messages.set_transform(Some(widen));
    spoken
}

fn widen(text: &str) -> Cow<'_, str> {
    let wide = |c: char| match c {
        'A'..='Z' | 'a'..='z' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
        other => other,
    };
    text.chars().map(wide).collect::<String>().into()
}

#[cfg(test)]
mod tests;
