//! A connection that becomes a WebSocket as far as the handshake goes; what comes after it is sent back as it came.

use super::{Outgoing, whole};
use crate::{http::Answer, sandbox::Inner};
use http_body_util::{BodyExt, Empty};
use hyper::{
    Request, Response, StatusCode,
    body::Incoming,
    header::{self, HeaderValue},
    upgrade::Upgraded,
};
use hyper_util::rt::TokioIo;
use serde_json::json;
use std::{io, sync::Arc};

pub(super) fn switch(inner: &Arc<Inner>, mut request: Request<Incoming>) -> io::Result<Response<Outgoing>> {
    if request.headers().get(header::UPGRADE).is_none_or(|to| !to.as_bytes().eq_ignore_ascii_case(b"websocket")) {
        return whole(Answer::json(
            StatusCode::UPGRADE_REQUIRED,
            json!({"code": 426, "message": "Ask for a WebSocket."}),
        ));
    }
    let (switched, mut stopping) = (hyper::upgrade::on(&mut request), inner.stopping.subscribe());
    tokio::spawn(async move {
        tokio::select! {
            () = async { if let Ok(connection) = switched.await { repeat(connection).await } } => {}
            _ = stopping.wait_for(|stopping| *stopping) => {}
        }
    });
    let mut response = Response::new(Empty::new().map_err(|never| match never {}).boxed_unsync());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    if let Some(key) = request.headers().get(header::SEC_WEBSOCKET_KEY) {
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, key.clone());
    }
    Ok(response)
}

async fn repeat(connection: Upgraded) {
    let (mut from, mut to) = tokio::io::split(TokioIo::new(connection));
    // Whoever hangs up ends it.
    let _ = tokio::io::copy(&mut from, &mut to).await;
}
