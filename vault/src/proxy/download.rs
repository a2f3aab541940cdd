//! An answer's body on its way to the caller: it is asked of the provider only as fast as the caller takes it.

use super::{ProxyBody, ProxyLimits};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt as _;
use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep, timeout_at};

/// An answer's body, perhaps with its beginning read already.
pub(super) struct Download {
    read: VecDeque<Bytes>,
    rest: reqwest::Body,
    idle: Duration,
    /// Runs while the provider is waited for, and not while the caller takes its time.
    waiting: Option<Pin<Box<Sleep>>>,
    /// How many bytes may still come.
    left: Option<u64>,
    ended: bool,
    /// Why it breaks off once what was read has been passed on.
    broken: Option<BreaksOff>,
}

/// Why an answer breaks off, for the log: the caller sees the connection end.
#[derive(Debug, thiserror::Error)]
pub(super) enum BreaksOff {
    #[error("the provider sent nothing for too long")]
    Idle,
    #[error("the answer is larger than KEYBEARER_PROXY_MAX_RESPONSE_BYTES")]
    TooLarge,
    #[error("the provider's connection broke")]
    Broken,
}

impl Download {
    pub(super) fn new(rest: reqwest::Body, limits: ProxyLimits) -> Self {
        let (read, waiting) = (VecDeque::new(), None);
        Self { read, rest, idle: limits.idle, waiting, left: limits.response_bytes, ended: false, broken: None }
    }

    /// The body for the caller.
    pub(super) fn into_body(self) -> ProxyBody {
        self.map_err(|error| {
            tracing::info!(error = %error, "A proxied answer breaks off.");
            Box::new(error) as _
        })
        .boxed_unsync()
    }

    /// Reads the body whole if it has at most so many bytes and arrives in time. What was read is passed on all the same.
    pub(super) async fn peek(&mut self, most: usize, patience: Duration) -> Option<Vec<u8>> {
        let until = Instant::now() + patience;
        let mut seen: Vec<u8> = Vec::new();
        let mut pieces = VecDeque::new();
        let whole = loop {
            match timeout_at(until, self.frame()).await {
                Err(_) => break false,
                Ok(None) => break true,
                Ok(Some(Err(why))) => {
                    self.broken = Some(why);
                    break false;
                }
                Ok(Some(Ok(frame))) => {
                    let piece = frame.into_data().unwrap_or_default();
                    seen.extend_from_slice(&piece);
                    pieces.push_back(piece);
                    if seen.len() > most {
                        break false;
                    }
                }
            }
        };
        pieces.append(&mut self.read);
        self.read = pieces;
        whole.then_some(seen)
    }
}

impl Body for Download {
    type Data = Bytes;
    type Error = BreaksOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BreaksOff>>> {
        if let Some(piece) = self.read.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        if let Some(why) = self.broken.take() {
            return Poll::Ready(Some(Err(why)));
        }
        if self.ended {
            return Poll::Ready(None);
        }
        loop {
            let frame = match Pin::new(&mut self.rest).poll_frame(context) {
                Poll::Ready(frame) => frame,
                Poll::Pending => return self.poll_idle(context),
            };
            self.waiting = None;
            match frame {
                // Trailers concern one connection.
                Some(Ok(frame)) => {
                    if let Ok(piece) = frame.into_data() {
                        return Poll::Ready(Some(self.count(piece).map(Frame::data)));
                    }
                }
                Some(Err(_)) => return self.break_off(BreaksOff::Broken),
                None => {
                    self.ended = true;
                    return Poll::Ready(None);
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.read.is_empty() && self.broken.is_none() && (self.ended || self.rest.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        let read = self.read.iter().map(|piece| piece.len() as u64).sum::<u64>();
        if self.broken.is_some() {
            return SizeHint::default();
        }
        let rest = if self.ended { Some(0) } else { self.rest.size_hint().exact() };
        rest.map_or_else(SizeHint::default, |rest| SizeHint::with_exact(read + rest))
    }
}

impl Download {
    fn poll_idle(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BreaksOff>>> {
        let idle = self.idle;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(idle)));
        match waiting.as_mut().poll(context) {
            Poll::Ready(()) => self.break_off(BreaksOff::Idle),
            Poll::Pending => Poll::Pending,
        }
    }

    fn count(&mut self, piece: Bytes) -> Result<Bytes, BreaksOff> {
        let Some(left) = self.left else { return Ok(piece) };
        match left.checked_sub(piece.len() as u64) {
            Some(left) => {
                self.left = Some(left);
                Ok(piece)
            }
            None => {
                self.ended = true;
                Err(BreaksOff::TooLarge)
            }
        }
    }

    fn break_off(&mut self, why: BreaksOff) -> Poll<Option<Result<Frame<Bytes>, BreaksOff>>> {
        self.ended = true;
        Poll::Ready(Some(Err(why)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::StreamBody;

    fn download(pieces: Vec<Result<&'static str, BreaksOff>>) -> Download {
        let frames = pieces.into_iter().map(|piece| piece.map(|piece| Frame::data(Bytes::from(piece))));
        Download::new(reqwest::Body::wrap(StreamBody::new(futures::stream::iter(frames))), ProxyLimits::default())
    }

    #[tokio::test]
    async fn what_was_looked_at_is_passed_on() {
        for most in [3, 6, 100] {
            let mut body = download(vec![Ok("one"), Ok("two")]);
            let seen = body.peek(most, Duration::from_secs(60)).await;
            assert_eq!(seen.is_some(), most >= 6);
            assert_eq!(body.collect().await.unwrap().to_bytes(), "onetwo");
        }
    }

    #[tokio::test]
    async fn an_answer_that_breaks_off_does_not_end_as_a_whole_one_does() {
        let mut body = download(vec![Ok("one"), Err(BreaksOff::Broken)]);
        assert!(body.peek(100, Duration::from_secs(60)).await.is_none());
        assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "one");
        assert!(!body.is_end_stream() && body.frame().await.unwrap().is_err());
        assert!(body.frame().await.is_none());
    }
}
