use std::{io, sync::Arc};

use bytes::Buf;
use ureq::{
    Error,
    unversioned::transport::{
        Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport, time::Duration,
    },
};

use crate::{
    call::{self, Outgoing},
    tcp::{Deadline, Link},
};

/// How long to wait for the rest of a TLS record.
const BRIEF: Duration = Duration::from_millis(1);
/// The length of `HTTP/1.1 2`, after which a final response differs from an interim one.
const CLASS: usize = 9;

/// The last layer of a connection, above TLS. In place of what ureq writes, it sends the [request of the thread](call).
#[derive(Debug)]
pub(crate) struct SendingConnector;

impl<In: Transport> Connector<In> for SendingConnector {
    type Out = Either<In, Sender<In>>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        let Some(inner) = chained else { return Ok(None) };
        // ureq opens the connection to a proxy with the same connectors, and speaks to the proxy itself.
        if call::is_proxied() && details.config.proxy().is_none() {
            return Ok(Some(Either::A(inner)));
        }
        let link = call::take_link().ok_or(Error::ConnectionFailed)?;
        Ok(Some(Either::B(Sender { inner, link, is_answered: false })))
    }
}

#[derive(Debug)]
pub(crate) struct Sender<T> {
    inner: T,
    link: Arc<Link>,
    /// Whether a response came before the end of the request, and ureq has not looked at it yet.
    is_answered: bool,
}

impl<T: Transport> Transport for Sender<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    /// Sends the request of the thread at the first call for it, and nothing at further calls.
    fn transmit_output(&mut self, _: usize, timeout: NextTimeout) -> Result<(), Error> {
        match call::take_request() {
            Some(request) if request.may_be_sent() => self.send(request, Deadline::after(timeout)),
            Some(_) => Err(Error::Timeout(timeout.reason)),
            None => Ok(()),
        }
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        if std::mem::take(&mut self.is_answered) && !self.inner.buffers().input().is_empty() {
            return Ok(true);
        }
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        !self.link.is_finished() && self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

impl<T: Transport> Sender<T> {
    /// Sends a request, or as much of it as the server takes before it responds.
    fn send(&mut self, request: Outgoing, deadline: Deadline) -> Result<(), Error> {
        self.link.postpone_writes();
        let mut filled = 0;
        for piece in request.into_pieces() {
            // The error kind of the source must not be taken for one of the connection.
            let mut piece = piece.map_err(io::Error::other)?;
            while piece.has_remaining() {
                if filled == self.inner.buffers().output().len() {
                    self.write(std::mem::take(&mut filled), deadline)?;
                    self.look_for_response(deadline)?;
                }
                if self.link.is_finished() {
                    return Ok(());
                }
                let free = &mut self.inner.buffers().output()[filled..];
                let length = free.len().min(piece.len());
                piece.copy_to_slice(&mut free[..length]);
                filled += length;
            }
        }
        self.write(filled, deadline)
    }

    fn write(&mut self, amount: usize, deadline: Deadline) -> Result<(), Error> {
        self.inner.transmit_output(amount, deadline.timeout()?)?;
        while self.link.has_waiting() {
            self.look_for_response(deadline)?;
            self.link.write_waiting(deadline)?;
        }
        Ok(())
    }

    /// Finishes the request if the server has responded, or closed the connection.
    fn look_for_response(&mut self, deadline: Deadline) -> Result<(), Error> {
        while !self.link.is_finished() && self.link.is_readable() {
            let timeout = NextTimeout { after: BRIEF, ..deadline.timeout()? };
            match self.inner.await_input(timeout) {
                Ok(true) if !self.has_response() => {}
                Ok(_) => {
                    self.is_answered = true;
                    self.link.finish();
                }
                // What there is to read belongs to TLS, or is a part of a record.
                Err(Error::Timeout(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Whether the input begins with a final response. Interim ones are skipped.
    fn has_response(&mut self) -> bool {
        loop {
            let input = self.inner.buffers().input();
            match input.get(CLASS) {
                None => return false,
                Some(b'1') => match input.windows(4).position(|end| end == b"\r\n\r\n") {
                    Some(end) => self.inner.buffers().input_consume(end + 4),
                    None => return false,
                },
                Some(_) => return true,
            }
        }
    }
}
