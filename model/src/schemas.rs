//! How ids and states stand in the API's description.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

/// An example of an id without its prefix; also the TypeID specification's.
const EXAMPLE: &str = "01h455vb4pex5vsknk084sn02q";

/// A text of one shape.
pub(crate) fn id(words: &str, prefix: &str) -> RefOr<Schema> {
    let schema = ObjectBuilder::new().schema_type(Type::String).description(Some(words.trim()));
    let schema = schema.pattern(Some(format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$")));
    schema.examples([format!("{prefix}_{EXAMPLE}")]).into()
}

/// One of a few words, each with its meaning.
pub(crate) fn states(words: &str, states: &[(&str, &str)]) -> RefOr<Schema> {
    let mut description = words.trim().to_owned();
    description.push('\n');
    for (word, meaning) in states {
        description.push_str(&format!("\n- `{word}`: {}", meaning.trim()));
    }
    let schema = ObjectBuilder::new().schema_type(Type::String).description(Some(description));
    schema.enum_values(Some(states.iter().map(|(word, _)| *word))).into()
}
