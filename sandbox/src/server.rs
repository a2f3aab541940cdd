//! The accept loop and the way from bytes to a [`Call`] and back.

use crate::{
    http::{Answer, Call, Form},
    routes,
    sandbox::Inner,
    streams::{self, Outgoing},
};
use http_body_util::{BodyExt, Limited};
use hyper::{Request, Response, StatusCode, body::Incoming, header, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use std::{io, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

const MOST_BODY: usize = 64 * 1024;

pub(crate) async fn accept(inner: Arc<Inner>, listener: TcpListener) {
    let mut stopping = inner.stopping.subscribe();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => break,
            Some(_) = connections.join_next() => {}
            stream = next(&listener) => drop(connections.spawn(converse(inner.clone(), stream))),
        }
    }
    drop(listener);
    connections.shutdown().await;
}

async fn next(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            // Out of file descriptors, say; they come back when connections end.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn converse(inner: Arc<Inner>, stream: TcpStream) {
    let service = service_fn(move |request| serve(inner.clone(), request));
    let connection = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    // Callers that hang up and answers that break off on purpose end here.
    let _ = connection.with_upgrades().await;
}

/// Does the work in a task of its own, as a provider does: a caller that hangs up does not undo it.
async fn serve(inner: Arc<Inner>, request: Request<Incoming>) -> io::Result<Response<Outgoing>> {
    if streams::are_at(request.uri().path()) {
        return streams::respond(&inner, request).await;
    }
    let answer = match read(&inner, request).await {
        Ok(call) => tokio::spawn(work(inner, call)).await.map_err(io::Error::other)?,
        Err(refusal) => refusal,
    };
    let response = answer.into_response().ok_or_else(|| io::Error::other("the sandbox hangs up here"))?;
    Ok(response.map(BodyExt::boxed_unsync))
}

async fn work(inner: Arc<Inner>, call: Call) -> Answer {
    let mut stopping = inner.stopping.subscribe();
    tokio::select! {
        answer = routes::respond(&inner, &call) => answer,
        _ = stopping.wait_for(|stopping| *stopping) => Answer::hang_up(),
    }
}

async fn read(inner: &Inner, request: Request<Incoming>) -> Result<Call, Answer> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, MOST_BODY).collect().await.map_err(|_| {
        Answer::json(StatusCode::PAYLOAD_TOO_LARGE, json!({"error": "The sandbox reads bodies of at most 64 KiB."}))
    })?;
    let host = head.headers.get(header::HOST).and_then(|host| host.to_str().ok()).filter(|host| is_plain(host));
    Ok(Call {
        method: head.method,
        path: head.uri.path().to_owned(),
        query: Form::parse(head.uri.query().unwrap_or_default().as_bytes()),
        base_url: host.map_or_else(|| inner.base_url(), |host| format!("http://{host}")),
        headers: head.headers,
        body: body.to_bytes(),
    })
}

fn is_plain(host: &str) -> bool {
    !host.is_empty() && host.chars().all(|character| character.is_ascii_alphanumeric() || "-._:[]".contains(character))
}
