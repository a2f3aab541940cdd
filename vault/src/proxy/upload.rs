//! A request's body on its way to the provider: it is passed on as it arrives, and a small one is remembered, so that it
//! can be sent a second time.

use super::{NotProxied, NotProxiedCode, ProxyBody, ProxyLimits};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use tokio::time::Instant;

/// What is remembered at most.
const REMEMBERED: u64 = 1024 * 1024;

/// A body that may be sent again. What has arrived is passed on first, then what is still to come.
#[derive(Clone)]
pub(super) struct Upload {
    shared: Arc<Mutex<Shared>>,
    /// What the caller announced.
    length: Option<u64>,
    limits: ProxyLimits,
}

struct Shared {
    source: ProxyBody,
    /// What has arrived so far; `None` once it is too much to remember.
    remembered: Option<Vec<Bytes>>,
    arrived: u64,
    /// Only the latest of the requests that send the body may take from the source.
    attempt: u32,
    progress: Progress,
    /// Why the body ends before its end.
    broken: Option<NotProxied>,
}

/// When something moved last, and who is waited for.
#[derive(Clone, Copy)]
struct Progress {
    at: Instant,
    ended: bool,
    waits_for_caller: bool,
}

impl Upload {
    /// # Errors
    /// [`NotProxiedCode::RequestTooLarge`], when the body announces too much.
    pub(super) fn new(source: ProxyBody, limits: ProxyLimits) -> Result<Self, NotProxied> {
        let length = source.size_hint().exact();
        if limits.request_bytes.is_some_and(|most| length.is_some_and(|length| length > most)) {
            return Err(too_large(limits));
        }
        let remembered = length.is_none_or(|length| length <= REMEMBERED).then(Vec::new);
        let progress = Progress { at: Instant::now(), ended: source.is_end_stream(), waits_for_caller: false };
        let shared = Shared { source, remembered, arrived: 0, attempt: 0, progress, broken: None };
        Ok(Self { shared: Arc::new(Mutex::new(shared)), length, limits })
    }

    /// The body for a request; `None` when there is nothing to send. Only the latest one goes on.
    pub(super) fn begin(&self) -> Option<Sending> {
        let mut shared = self.lock();
        shared.attempt += 1;
        shared.progress.at = Instant::now();
        let is_empty = shared.progress.ended && shared.arrived == 0;
        let sending = Sending { upload: self.clone(), attempt: shared.attempt, next: 0, passed: 0 };
        (!is_empty).then_some(sending)
    }

    /// Whether all that has arrived is remembered.
    pub(super) fn can_be_repeated(&self) -> bool {
        let shared = self.lock();
        shared.remembered.is_some() && shared.broken.is_none()
    }

    /// Why the body ended before its end, if it did.
    pub(super) fn broken(&self) -> Option<NotProxied> {
        self.lock().broken.clone()
    }

    /// Comes back once too much time has passed without anything moving, with whose fault it is.
    pub(super) async fn stalled(&self) -> NotProxied {
        loop {
            let progress = self.lock().progress;
            let patience = if progress.ended { self.limits.answer } else { self.limits.idle };
            tokio::time::sleep_until(progress.at + patience).await;
            let still = self.lock().progress;
            if still.at == progress.at && still.ended == progress.ended {
                return if still.waits_for_caller && !still.ended { interrupted() } else { timed_out() };
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A body under way to the provider.
pub(super) struct Sending {
    upload: Upload,
    attempt: u32,
    /// The next remembered piece.
    next: usize,
    passed: u64,
}

/// Why a body under way ends; the caller's problem says more.
#[derive(Debug, thiserror::Error)]
#[error("the request's body ends here")]
pub(super) struct EndsHere;

impl Body for Sending {
    type Data = Bytes;
    type Error = EndsHere;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, EndsHere>>> {
        let upload = self.upload.clone();
        let mut shared = upload.lock();
        if shared.attempt != self.attempt || shared.broken.is_some() {
            return Poll::Ready(Some(Err(EndsHere)));
        }
        if let Some(piece) = shared.remembered.as_ref().and_then(|all| all.get(self.next)).cloned() {
            shared.progress.at = Instant::now();
            self.next += 1;
            self.passed += piece.len() as u64;
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        let piece = ready!(shared.poll_source(context, &upload));
        if let Some(Ok(piece)) = &piece {
            self.next += 1;
            self.passed += piece.len() as u64;
        }
        Poll::Ready(piece.map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        let shared = self.upload.lock();
        shared.progress.ended && self.passed == shared.arrived && shared.broken.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let left = self.upload.length.map(|length| length.saturating_sub(self.passed));
        left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

impl Shared {
    fn poll_source(&mut self, context: &mut Context<'_>, upload: &Upload) -> Poll<Option<Result<Bytes, EndsHere>>> {
        loop {
            if self.progress.ended {
                return Poll::Ready(None);
            }
            let Poll::Ready(frame) = Pin::new(&mut self.source).poll_frame(context) else {
                self.progress.waits_for_caller = true;
                return Poll::Pending;
            };
            (self.progress.at, self.progress.waits_for_caller) = (Instant::now(), false);
            match frame {
                // Trailers concern one connection.
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(piece) if piece.is_empty() => {}
                    Ok(piece) => return Poll::Ready(Some(self.take(piece, upload))),
                    Err(_) => {}
                },
                Some(Err(_)) => {
                    self.broken = Some(interrupted());
                    return Poll::Ready(Some(Err(EndsHere)));
                }
                None => self.progress.ended = true,
            }
        }
    }

    fn take(&mut self, piece: Bytes, upload: &Upload) -> Result<Bytes, EndsHere> {
        self.arrived += piece.len() as u64;
        if upload.limits.request_bytes.is_some_and(|most| self.arrived > most) {
            self.broken = Some(too_large(upload.limits));
            return Err(EndsHere);
        }
        if self.arrived > REMEMBERED {
            self.remembered = None;
        }
        if let Some(remembered) = &mut self.remembered {
            // A copy of its own: a piece may hold a larger buffer in memory.
            remembered.push(Bytes::copy_from_slice(&piece));
        }
        if upload.length == Some(self.arrived) {
            self.progress.ended = true;
        }
        Ok(piece)
    }
}

fn too_large(limits: ProxyLimits) -> NotProxied {
    let most = limits.request_bytes.unwrap_or_default();
    let detail = format!("Bodies may have at most {most} bytes here (KEYBEARER_PROXY_MAX_REQUEST_BYTES).");
    NotProxied::new(NotProxiedCode::RequestTooLarge, detail)
}

fn interrupted() -> NotProxied {
    let detail = "The request's body did not arrive whole. The provider may have seen a part of it.";
    NotProxied::new(NotProxiedCode::RequestInterrupted, detail)
}

fn timed_out() -> NotProxied {
    let detail = "The provider did not answer in time. Whether it has done what was asked is not known.";
    NotProxied::new(NotProxiedCode::TimedOut, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::{BodyExt as _, Full, StreamBody};

    fn upload(pieces: &[&'static [u8]], limits: ProxyLimits) -> Upload {
        let frames: Vec<_> = pieces.iter().map(|piece| Ok(Frame::data(Bytes::from_static(piece)))).collect();
        Upload::new(StreamBody::new(futures::stream::iter(frames)).boxed_unsync(), limits).unwrap()
    }

    async fn rest(sending: Sending) -> Vec<u8> {
        sending.collect().await.unwrap().to_bytes().to_vec()
    }

    #[tokio::test]
    async fn what_has_arrived_is_sent_again_before_what_is_to_come() {
        let upload = upload(&[b"one ", b"two ", b"three"], ProxyLimits::default());
        let mut first = upload.begin().unwrap();
        assert_eq!(first.frame().await.unwrap().unwrap().into_data().unwrap(), "one ");
        assert!(upload.can_be_repeated());
        let mut second = upload.begin().unwrap();
        assert_eq!(second.frame().await.unwrap().unwrap().into_data().unwrap(), "one ");
        assert!(first.frame().await.unwrap().is_err(), "only the latest goes on");
        assert_eq!(rest(second).await, b"two three");
        assert_eq!(rest(upload.begin().unwrap()).await, b"one two three");
        assert!(upload.can_be_repeated() && upload.broken().is_none());
    }

    #[tokio::test]
    async fn more_than_a_mebibyte_is_passed_on_but_not_remembered() {
        static HALF: [u8; 600 * 1024] = [0; 600 * 1024];
        let upload = upload(&[&HALF, &HALF], ProxyLimits::default());
        assert_eq!(rest(upload.begin().unwrap()).await.len(), 2 * HALF.len());
        assert!(!upload.can_be_repeated());
    }

    #[tokio::test]
    async fn a_body_that_turns_out_too_large_ends_and_says_so() {
        let limits = ProxyLimits { request_bytes: Some(6), ..ProxyLimits::default() };
        let upload = upload(&[b"one ", b"two "], limits);
        assert!(upload.begin().unwrap().collect().await.is_err());
        assert_eq!(upload.broken().map(|b| b.code), Some(NotProxiedCode::RequestTooLarge));
        let announced = Full::new(Bytes::from_static(b"seven b")).map_err(|never| match never {}).boxed_unsync();
        assert_eq!(Upload::new(announced, limits).err().map(|b| b.code), Some(NotProxiedCode::RequestTooLarge));
    }
}
