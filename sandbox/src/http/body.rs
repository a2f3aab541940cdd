use hyper::body::{Bytes, Frame, SizeHint};
use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

/// A body that can break off before its promised end.
pub(crate) struct Body {
    rest: Option<Bytes>,
    promised: u64,
    breaks_off: bool,
    flushed: bool,
}

impl Body {
    pub(crate) fn whole(bytes: Bytes) -> Self {
        let promised = bytes.len() as u64;
        Self { rest: Some(bytes).filter(|bytes| !bytes.is_empty()), promised, breaks_off: false, flushed: false }
    }

    /// Sends the first half, then closes the connection.
    pub(crate) fn truncated(bytes: Bytes) -> Self {
        let half = bytes.slice(..bytes.len() / 2);
        Self { promised: (bytes.len() as u64).max(1), breaks_off: true, ..Self::whole(half) }
    }

    /// What `Content-Length` says, whether it will be kept or not.
    pub(crate) fn promised_length(&self) -> u64 {
        self.promised
    }
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(bytes) = self.rest.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        if !self.breaks_off {
            return Poll::Ready(None);
        }
        // One turn of waiting lets hyper put the first half on the wire.
        if !self.flushed {
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::Error::other("the sandbox breaks off here"))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_none() && !self.breaks_off
    }

    fn size_hint(&self) -> SizeHint {
        // hyper checks a known size against Content-Length, so a body that breaks off does not state one.
        if self.breaks_off { SizeHint::default() } else { SizeHint::with_exact(self.promised) }
    }
}
