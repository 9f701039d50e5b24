//! TCP connections whose writing does not prevent reading: when the other side stops reading and has sent something, what is
//! left to write waits until that has been looked at.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use ureq::{
    Error,
    unversioned::transport::{
        Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
    },
};

use crate::call;

/// How long a write waits before it looks whether there is something to read.
const SLICE: Duration = Duration::from_millis(20);
/// The shortest timeout of sockets; zero would be none.
const SHORTEST: Duration = Duration::from_millis(1);

/// Opens TCP connections, unless there is one through a proxy.
#[derive(Debug)]
pub(crate) struct TcpConnector;

impl<In: Transport> Connector<In> for TcpConnector {
    type Out = Either<In, Tcp>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        if let Some(chained) = chained {
            return Ok(Some(Either::A(chained)));
        }
        let stream = connect(&details.addrs, Deadline::after(details.timeout))?;
        stream.set_nodelay(details.config.no_delay())?;
        let link = Arc::new(Link { stream, state: Mutex::default() });
        call::set_link(Arc::clone(&link));
        let (input, output) = (details.config.input_buffer_size(), details.config.output_buffer_size());
        Ok(Some(Either::B(Tcp { link, buffers: LazyBuffers::new(input, output) })))
    }
}

/// Tries one address after the other. Each has half of the time that is left, the last one all of it.
fn connect(addresses: &[SocketAddr], deadline: Deadline) -> Result<TcpStream, Error> {
    let mut last = Error::HostNotFound;
    for (index, address) in addresses.iter().enumerate() {
        let left = deadline.left()?;
        let share = if index + 1 == addresses.len() { left } else { left.map(|left| left / 2) };
        let connected = match share {
            Some(share) => TcpStream::connect_timeout(address, share.max(SHORTEST)),
            None => TcpStream::connect(address),
        };
        match connected {
            Ok(stream) => return Ok(stream),
            Err(error) if is_timeout(&error) => last = Error::Timeout(ureq::Timeout::Connect),
            Err(error) => last = error.into(),
        }
    }
    Err(last)
}

#[derive(Debug)]
pub(crate) struct Tcp {
    link: Arc<Link>,
    buffers: LazyBuffers,
}

impl Transport for Tcp {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.link.write(&self.buffers.output()[..amount], Deadline::after(timeout.for_write()))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let deadline = Deadline::after(timeout.for_read());
        loop {
            let left = deadline.left()?.map(|left| left.max(SHORTEST));
            self.link.stream.set_read_timeout(left)?;
            match (&self.link.stream).read(self.buffers.input_append_buf()) {
                Ok(length) => {
                    self.buffers.input_appended(length);
                    return Ok(length > 0);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted || is_timeout(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn is_open(&mut self) -> bool {
        !self.link.is_readable()
    }
}

/// A TCP connection, as seen by the layers below and above TLS.
#[derive(Debug)]
pub(crate) struct Link {
    stream: TcpStream,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Whether writing may be postponed while there is something to read.
    may_wait: bool,
    /// What was to be written when the connection took no more, but had something to read.
    waiting: Vec<u8>,
    /// Nothing more is written: the other side takes no more, or has responded already.
    is_finished: bool,
    write_timeout: Option<Duration>,
}

impl Link {
    /// From now on, what cannot be written while there is something to read waits.
    pub(crate) fn postpone_writes(&self) {
        self.state().may_wait = true;
    }

    pub(crate) fn has_waiting(&self) -> bool {
        !self.state().waiting.is_empty()
    }

    /// Writes what waits, up to the next time that there is something to read.
    pub(crate) fn write_waiting(&self, deadline: Deadline) -> Result<(), Error> {
        let waiting = std::mem::take(&mut self.state().waiting);
        self.write(&waiting, deadline)
    }

    /// Drops what waits and what is written from now on.
    pub(crate) fn finish(&self) {
        let mut state = self.state();
        state.is_finished = true;
        state.waiting = Vec::new();
    }

    pub(crate) fn is_finished(&self) -> bool {
        self.state().is_finished
    }

    /// Whether there is something to read, the end of the connection included.
    pub(crate) fn is_readable(&self) -> bool {
        if self.stream.set_nonblocking(true).is_err() {
            return true;
        }
        let peeked = self.stream.peek(&mut [0]);
        let restored = self.stream.set_nonblocking(false);
        restored.is_err() || !peeked.is_err_and(|error| is_timeout(&error))
    }

    /// Writes all, or leaves the rest waiting.
    fn write(&self, mut bytes: &[u8], deadline: Deadline) -> Result<(), Error> {
        let mut state = self.state();
        while !bytes.is_empty() && !state.is_finished && state.waiting.is_empty() {
            let timeout = deadline.left()?.map_or(SLICE, |left| left.clamp(SHORTEST, SLICE));
            if state.write_timeout != Some(timeout) {
                self.stream.set_write_timeout(Some(timeout))?;
                state.write_timeout = Some(timeout);
            }
            match (&self.stream).write(bytes) {
                Ok(length) => bytes = &bytes[length..],
                Err(error) if error.kind() == ErrorKind::Interrupted || is_timeout(&error) => {}
                // The response can still be there to read.
                Err(_) if state.may_wait => state.is_finished = true,
                Err(error) => return Err(error.into()),
            }
            if !bytes.is_empty() && state.may_wait && self.is_readable() {
                break;
            }
        }
        if !state.is_finished {
            state.waiting.extend_from_slice(bytes);
        }
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When an operation must be over, and what ureq calls its timeout.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    at: Option<Instant>,
    timeout: NextTimeout,
}

impl Deadline {
    pub(crate) fn after(timeout: NextTimeout) -> Self {
        Self { at: now().checked_add(*timeout.after), timeout }
    }

    /// What is left of it, as ureq passes it on.
    pub(crate) fn timeout(self) -> Result<NextTimeout, Error> {
        use ureq::unversioned::transport::time;
        let after = self.left()?.map_or(time::Duration::NotHappening, time::Duration::Exact);
        Ok(NextTimeout { after, ..self.timeout })
    }

    /// Returns what is left; `None` if there is no deadline.
    fn left(self) -> Result<Option<Duration>, Error> {
        let Some(at) = self.at else { return Ok(None) };
        match at.saturating_duration_since(now()) {
            Duration::ZERO => Err(Error::Timeout(self.timeout.reason)),
            left => Ok(Some(left)),
        }
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

#[expect(clippy::disallowed_methods, reason = "a transport of ureq gets durations and has to divide them")]
fn now() -> Instant {
    Instant::now()
}
