//! Bodies that are made while they are taken.

use crate::sandbox::Inner;
use hyper::body::{Body, Bytes as Piece, Frame, SizeHint};
use std::{
    io,
    pin::Pin,
    sync::{Arc, atomic::Ordering},
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Interval, interval};

const PIECE: u64 = 64 * 1024;
static LETTERS: [u8; PIECE as usize] = [b'k'; PIECE as usize];

/// So many bytes; the sandbox counts how many of them have been taken.
pub(super) struct Bytes {
    inner: Arc<Inner>,
    left: u64,
    chunked: bool,
}

impl Bytes {
    pub(super) fn new(inner: Arc<Inner>, count: u64, chunked: bool) -> Self {
        Self { inner, left: count, chunked }
    }
}

impl Body for Bytes {
    type Data = Piece;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Piece>>>> {
        let count = self.left.min(PIECE);
        if count == 0 {
            return Poll::Ready(None);
        }
        self.left -= count;
        self.inner.streamed.fetch_add(count, Ordering::Relaxed);
        let piece = usize::try_from(count).ok().and_then(|count| LETTERS.get(..count)).unwrap_or_default();
        Poll::Ready(Some(Ok(Frame::data(Piece::from_static(piece)))))
    }

    fn size_hint(&self) -> SizeHint {
        if self.chunked { SizeHint::default() } else { SizeHint::with_exact(self.left) }
    }
}

/// Events of an event stream, one after the other.
pub(super) struct Ticks {
    next: u64,
    count: u64,
    every: Interval,
}

impl Ticks {
    pub(super) fn new(count: u64, every: Duration) -> Self {
        Self { next: 1, count, every: interval(every.max(Duration::from_millis(1))) }
    }
}

impl Body for Ticks {
    type Data = Piece;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Piece>>>> {
        if self.next > self.count {
            return Poll::Ready(None);
        }
        ready!(self.every.poll_tick(context));
        let event = format!("data: {}\n\n", self.next);
        self.next += 1;
        Poll::Ready(Some(Ok(Frame::data(Piece::from(event)))))
    }
}
