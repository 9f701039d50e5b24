use std::{io, time::Duration};

use http::Method;
use linq_core::{
    BlockingHttpBackend, Body,
    TransportErrorKind::{self, Connect, Other},
};
use linq_ureq::{
    UreqBackend,
    ureq::{
        Agent, Error,
        config::Config,
        unversioned::{
            resolver::DefaultResolver,
            transport::{Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport},
        },
    },
};

/// Fails as if the network had gone away: when it connects, or when it waits for the response.
#[derive(Debug, Clone, Copy)]
enum Unreachable {
    Connecting,
    Receiving,
}

struct Connection(LazyBuffers);

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Connection")
    }
}

impl Connector for Unreachable {
    type Out = Connection;

    fn connect(&self, _: &ConnectionDetails<'_>, _: Option<()>) -> Result<Option<Connection>, Error> {
        match self {
            Self::Connecting => Err(unreachable()),
            Self::Receiving => Ok(Some(Connection(LazyBuffers::new(1024, 1024)))),
        }
    }
}

impl Transport for Connection {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.0
    }

    fn transmit_output(&mut self, _: usize, _: NextTimeout) -> Result<(), Error> {
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, Error> {
        Err(unreachable())
    }

    fn is_open(&mut self) -> bool {
        false
    }
}

fn unreachable() -> Error {
    io::Error::from(io::ErrorKind::HostUnreachable).into()
}

#[test]
fn an_unreachable_host_counts_as_connecting_only_before_the_body() {
    let cases: [(Unreachable, Method, &str, TransportErrorKind); 6] = [
        (Unreachable::Connecting, Method::POST, "{}", Connect),
        (Unreachable::Receiving, Method::POST, "{}", Other),
        (Unreachable::Connecting, Method::POST, "", Other),
        (Unreachable::Receiving, Method::POST, "", Other),
        (Unreachable::Connecting, Method::GET, "", Other),
        (Unreachable::Receiving, Method::GET, "", Other),
    ];
    for (fault, method, body, expected) in cases {
        let agent = Agent::with_parts(Config::default(), fault, DefaultResolver::default());
        let request = http::Request::builder().method(&method).uri("http://127.0.0.1/");
        let request = request.body(Body::from(body.as_bytes().to_vec())).unwrap();
        let error = UreqBackend::from(agent).send(request, Duration::from_secs(10)).unwrap_err();
        assert_eq!(error.kind(), expected, "{fault:?} {method} {body:?}: {error:?}");
    }
}
