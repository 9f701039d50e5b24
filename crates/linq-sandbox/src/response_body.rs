use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::{connections::Busy, faults::FaultyBody, page::EventStream};

/// A response body. Its connection is busy until it is dropped.
pub(crate) struct ResponseBody {
    kind: Kind,
    _busy: Option<Busy>,
}

enum Kind {
    Whole(FaultyBody),
    Events(EventStream),
}

impl ResponseBody {
    /// Keeps the connection busy for as long as the body is written.
    pub(crate) fn holding(self, busy: Busy) -> Self {
        Self { _busy: Some(busy), ..self }
    }

    /// Returns `true` for a stream of events, which ends with the sandbox only.
    pub(crate) fn is_stream(&self) -> bool {
        matches!(self.kind, Kind::Events(_))
    }
}

impl From<FaultyBody> for ResponseBody {
    fn from(body: FaultyBody) -> Self {
        Self { kind: Kind::Whole(body), _busy: None }
    }
}

impl From<EventStream> for ResponseBody {
    fn from(body: EventStream) -> Self {
        Self { kind: Kind::Events(body), _busy: None }
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match &mut self.kind {
            Kind::Whole(body) => Pin::new(body).poll_frame(context),
            Kind::Events(body) => Pin::new(body).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Whole(body) => body.is_end_stream(),
            Kind::Events(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Whole(body) => body.size_hint(),
            Kind::Events(_) => SizeHint::default(),
        }
    }
}
