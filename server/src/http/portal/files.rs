//! Forms with a file. A browser without scripts sends them as multipart; from here on they are like every other form,
//! with the file in base64 as one more value.

use axum::extract::{FromRequest as _, Multipart, Request, multipart::Field};
use axum::http::header;
use data_encoding::BASE64;

/// More than a logo may have, so that whoever checks it sees that it is too large. The rest is read and dropped: the
/// form comes back with a message instead of a connection that was cut.
const MOST: usize = 64 * 1024 + 1;
/// What all fields together may come to.
const MOST_KEPT: usize = 2 * MOST;

/// Whether a request carries a form with a file.
pub(super) fn has_files(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("multipart/form-data"))
}

/// The fields as names and values, and the same with files for the server function; `None` for what is no such form.
pub(super) async fn read(request: Request) -> Option<(Vec<(String, String)>, String)> {
    let mut form = Multipart::from_request(request, &()).await.ok()?;
    let (mut values, mut all, mut room) = (Vec::new(), Vec::new(), MOST_KEPT);
    while let Some(mut field) = form.next_field().await.ok()? {
        let name = field.name()?.to_owned();
        let is_file = field.file_name().is_some();
        let bytes = bytes(&mut field).await?;
        room = room.checked_sub(bytes.len())?;
        if is_file {
            all.push((name, BASE64.encode(&bytes)));
        } else {
            let value = String::from_utf8(bytes).ok()?;
            all.push((name.clone(), value.clone()));
            values.push((name, value));
        }
    }
    Some((values, form_urlencoded::Serializer::new(String::new()).extend_pairs(all).finish()))
}

async fn bytes(field: &mut Field<'_>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.ok()? {
        let room = MOST - bytes.len();
        bytes.extend_from_slice(chunk.get(..room.min(chunk.len()))?);
    }
    Some(bytes)
}
