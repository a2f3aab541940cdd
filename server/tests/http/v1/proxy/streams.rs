use super::{Proxied, echoed};
use crate::support::Answer;
use http_body_util::StreamBody;
use hyper::body::{Bytes, Frame};
use reqwest::{Body, Method};
use sha2::Digest as _;
use std::convert::Infallible;
use std::time::Duration;

/// More than all buffers between the provider and a caller that does not read hold together.
const BUFFERED: u64 = 32 * 1024 * 1024;
const LARGE: u64 = 200 * 1024 * 1024;

#[tokio::test]
async fn a_large_answer_is_taken_from_the_provider_only_as_fast_as_the_caller_reads() {
    let proxied = Proxied::start().await;
    for query in ["", "?chunked=1"] {
        let before = proxied.server.test.sandbox.streamed();
        let mut response = proxied.request(Method::GET, &format!("/bytes/{LARGE}{query}")).send().await.unwrap();
        assert_eq!(response.content_length(), query.is_empty().then_some(LARGE));
        let mut read = response.chunk().await.unwrap().unwrap().len() as u64;
        // It settles: nothing more is taken while nobody reads.
        let mut taken = proxied.server.test.sandbox.streamed();
        loop {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let now = proxied.server.test.sandbox.streamed();
            if now == taken {
                break;
            }
            taken = now;
        }
        assert!(taken - before < BUFFERED, "{} bytes are held somewhere", taken - before);
        while let Some(chunk) = response.chunk().await.unwrap() {
            read += chunk.len() as u64;
        }
        assert_eq!(read, LARGE);
    }
}

#[tokio::test]
async fn a_large_upload_arrives_whole_with_and_without_a_length() {
    let proxied = Proxied::start().await;
    let piece = Bytes::from(vec![7; 64 * 1024]);
    let mut hash = sha2::Sha256::new();
    (0..LARGE / 4 / piece.len() as u64).for_each(|_| hash.update(&piece));
    let hash = data_encoding::HEXLOWER.encode(&hash.finalize());
    for length in [None, Some(LARGE / 4)] {
        let pieces = (0..LARGE / 4 / piece.len() as u64).map({
            let piece = piece.clone();
            move |_| Ok::<_, Infallible>(Frame::data(piece.clone()))
        });
        let request =
            proxied.request(Method::PUT, "/echo").body(Body::wrap(StreamBody::new(futures::stream::iter(pieces))));
        let request = length
            .map(|length| ("content-length", length.to_string()))
            .into_iter()
            .fold(request, |r, (n, v)| r.header(n, v));
        let echo = echoed(Answer::of(request).await);
        assert_eq!((echo["bytes"].as_u64(), echo["sha256"].as_str()), (Some(LARGE / 4), Some(hash.as_str())));
    }
}

#[tokio::test]
async fn server_sent_events_arrive_one_by_one() {
    let proxied = Proxied::start().await;
    let mut response = proxied.request(Method::GET, "/ticks/3?every_ms=1000").send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut chunks = Vec::new();
    while let Some(chunk) = response.chunk().await.unwrap() {
        chunks.push(String::from_utf8_lossy(&chunk).into_owned());
    }
    assert_eq!(chunks, (1..=3).map(|tick| format!("data: {tick}\n\n")).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_caller_that_hangs_up_ends_the_provider_s_stream_too() {
    let proxied = Proxied::start().await;
    let mut response = proxied.request(Method::GET, &format!("/bytes/{LARGE}?chunked=1")).send().await.unwrap();
    response.chunk().await.unwrap();
    drop(response);
    let mut taken = 0;
    // Nothing is taken any more once the connection has ended, and nothing like all of it was.
    loop {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let now = proxied.server.test.sandbox.streamed();
        if now == taken {
            break;
        }
        taken = now;
    }
    assert!(taken < LARGE / 2, "{taken}");
}
