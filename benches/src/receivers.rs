//! Requests per second of a webhook receiver beside those of its server that only reads the body. The server has a thread,
//! and so has what sends the requests.

use std::{fmt::Write, hint::black_box, net::SocketAddr, rc::Rc, sync::Arc, thread, time::Duration};

use anyhow::{Result, ensure};
use axum::{Router, extract::State, http::StatusCode, routing::post};
use bytes::Bytes;
use clap::ValueEnum;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Empty};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use linq_webhooks::{Receiver, VerifiedEvent, Verifier};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
    task::LocalSet,
};

use crate::{
    Batch, Body, Entry, IN_FLIGHT, Measure, Race, SECRET, Table, description, name,
    race::other_threads_clock,
    signed_now,
    webhooks::{Handler, Recipe},
};

const ROUNDS: usize = 41;
const REQUESTS: u32 = IN_FLIGHT * 64;
const NO_CONTENT: &[u8] = b"HTTP/1.1 204";
pub(crate) const ACCEPTED: &[u8] = b"HTTP/1.1 202";
/// Longer than any run takes.
pub(crate) const TOLERANCE: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Server {
    /// axum, reading the body.
    AxumBody,
    /// axum with the extractor.
    AxumEvent,
    /// axum with a receiver, which remembers no event.
    AxumReceiver,
    /// axum with the usual code without this SDK.
    AxumRecipe,
    /// hyper, reading the body.
    HyperBody,
    /// hyper with a receiver, which remembers no event.
    HyperReceiver,
}

pub(crate) fn times(write: bool) -> Result<()> {
    let entries = Server::value_variants()
        .iter()
        .map(|server| Ok(Entry::new(*server, load(server.start()?)?, REQUESTS, other_threads_clock())));
    let race = Race::run(entries.collect::<Result<_>>()?, ROUNDS)?;
    let groups = vec![
        race.group("requests per second", Measure::Rate, name, Server::over),
        race.group("CPU of the server per request", Measure::Cpu, name, Server::over),
    ];
    let measured = format!("{}; {ROUNDS} rounds", description()?);
    let title = "Receivers: a server on one thread, 64 connections".to_owned();
    Table { name: "receivers", title, measured, groups }.publish(write)
}

impl Server {
    /// Returns what it is compared with.
    fn over(self) -> Option<Self> {
        match self {
            Self::AxumEvent | Self::AxumReceiver | Self::AxumRecipe => Some(Self::AxumBody),
            Self::HyperReceiver => Some(Self::HyperBody),
            Self::AxumBody | Self::HyperBody => None,
        }
    }

    /// Serves on a thread of this process until it ends.
    ///
    /// # Errors
    ///
    /// Returns an error if it cannot listen.
    pub fn start(self) -> Result<SocketAddr> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let verifier = Verifier::new(SECRET)?.tolerance(TOLERANCE);
        thread::spawn(move || -> Result<()> {
            let runtime = current_thread()?;
            let listener = runtime.block_on(async { TcpListener::from_std(listener) })?;
            LocalSet::new().block_on(&runtime, self.serve(listener, verifier))
        });
        Ok(address)
    }

    async fn serve(self, listener: TcpListener, verifier: Verifier) -> Result<()> {
        let receiver = Receiver::new(verifier.clone(), Handler::<true>).deduplicator(());
        let router = match self {
            Self::AxumBody => Router::new().route("/linq", post(async |_: Bytes| StatusCode::NO_CONTENT)),
            Self::AxumEvent => {
                let hook = async |_: VerifiedEvent| StatusCode::NO_CONTENT;
                Router::new().route("/linq", post(hook)).with_state(verifier)
            }
            Self::AxumReceiver => Router::new().route_service("/linq", receiver.into_service()),
            Self::AxumRecipe => {
                let recipe = Arc::new(Recipe::new(SECRET)?);
                Router::new().route("/linq", post(receive_by_recipe)).with_state(recipe)
            }
            Self::HyperBody => return accept(listener, read_body).await,
            Self::HyperReceiver => {
                return accept(listener, move |request| receiver.clone().serve(request)).await;
            }
        };
        Ok(axum::serve(listener, router).await?)
    }
}

pub(crate) fn current_thread() -> Result<Runtime> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

async fn receive_by_recipe(State(recipe): State<Arc<Recipe>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    match recipe.read(&headers, &body) {
        Ok(event) => {
            black_box(event);
            StatusCode::NO_CONTENT
        }
        Err(_) => StatusCode::UNAUTHORIZED,
    }
}

async fn read_body(request: Request<Incoming>) -> Result<Response<Empty<Bytes>>, hyper::Error> {
    request.into_body().collect().await?;
    let mut response = Response::new(Empty::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

async fn accept<A, B, E>(
    listener: TcpListener,
    answer: impl Fn(Request<Incoming>) -> A + Clone + 'static,
) -> Result<()>
where
    A: Future<Output = Result<Response<B>, E>> + 'static,
    B: hyper::body::Body<Error: std::error::Error + Send + Sync> + 'static,
    E: std::error::Error + Send + Sync + 'static,
{
    loop {
        let (stream, _) = listener.accept().await?;
        let service = service_fn(answer.clone());
        tokio::task::spawn_local(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

/// Returns what sends the small event over [`IN_FLIGHT`] connections to a receiver at `/linq`.
///
/// # Errors
///
/// Returns an error if it cannot connect.
pub fn load(address: SocketAddr) -> Result<Batch> {
    let runtime = current_thread()?;
    let request: Rc<[u8]> = request(address, &Body::Small.bytes()?)?.into();
    let connections: Vec<_> = (0..IN_FLIGHT)
        .map(|_| Ok(Rc::new(tokio::sync::Mutex::new(runtime.block_on(TcpStream::connect(address))?))))
        .collect::<Result<_>>()?;
    Ok(Box::new(move |requests| {
        LocalSet::new().block_on(&runtime, async {
            let tasks: Vec<_> = connections
                .iter()
                .map(|connection| {
                    let (connection, request) = (Rc::clone(connection), Rc::clone(&request));
                    tokio::task::spawn_local(async move {
                        let mut connection = connection.lock().await;
                        for _ in 0..requests / IN_FLIGHT {
                            deliver(&mut connection, &request, NO_CONTENT).await?;
                        }
                        anyhow::Ok(())
                    })
                })
                .collect();
            for task in tasks {
                task.await??;
            }
            Ok(())
        })
    }))
}

/// Sends a request and reads the response, which has to begin with this.
pub(crate) async fn deliver(connection: &mut TcpStream, request: &[u8], expected: &[u8]) -> Result<()> {
    connection.write_all(request).await?;
    let mut answer = [0; 1024];
    let mut length = 0;
    while !answer[..length].ends_with(b"\r\n\r\n") {
        let read = connection.read(&mut answer[length..]).await?;
        ensure!(read > 0, "the connection has ended");
        length += read;
    }
    ensure!(answer.starts_with(expected), "{}", String::from_utf8_lossy(&answer[..length]));
    Ok(())
}

/// Returns a signed request with this event.
pub(crate) fn request(address: SocketAddr, body: &Bytes) -> Result<Vec<u8>> {
    let mut head = format!(
        "POST /linq HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in &signed_now(body)? {
        write!(head, "{name}: {}\r\n", value.to_str()?)?;
    }
    Ok([head.as_bytes(), b"\r\n", body].concat())
}
