//! Ids in addresses. One of the wrong shape is as good as one that nobody has.

use crate::problem::Problem;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use std::str::FromStr;

/// The one parameter of a route.
pub(crate) struct Id<T>(pub(crate) T);

impl<T: FromStr, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let parameters = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Problem::not_found())?;
        let text = parameters.iter().next().map(|(_, value)| value).ok_or_else(Problem::not_found)?;
        text.parse().map(Self).map_err(|_| Problem::not_found())
    }
}

/// The two parameters of a route.
pub(crate) struct Ids<T, U>(pub(crate) T, pub(crate) U);

impl<T: FromStr, U: FromStr, S: Send + Sync> FromRequestParts<S> for Ids<T, U> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let parameters = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Problem::not_found())?;
        let mut values = parameters.iter().map(|(_, value)| value);
        let (Some(first), Some(second)) = (values.next(), values.next()) else { return Err(Problem::not_found()) };
        match (first.parse(), second.parse()) {
            (Ok(first), Ok(second)) => Ok(Self(first, second)),
            _ => Err(Problem::not_found()),
        }
    }
}
