use crate::{http::Answer, token_error::TokenError};

/// What an endpoint did: its answer, and the words for the journal.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) answer: Answer,
    pub(crate) words: String,
    pub(crate) rotated: bool,
}

impl Outcome {
    pub(crate) fn new(words: &str, answer: Answer) -> Self {
        Self { answer, words: words.into(), rotated: false }
    }

    pub(crate) fn rotated(self) -> Self {
        Self { rotated: true, ..self }
    }
}

impl From<TokenError> for Outcome {
    fn from(error: TokenError) -> Self {
        Self::new(error.error, error.into_answer())
    }
}
