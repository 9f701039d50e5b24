//! A custom backend: hyper on smol, without a runtime of tokio.

use std::{
    error::Error,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures_rustls::TlsConnector;
use http::{HeaderValue, Request, Response, Uri, header::HOST};
use http_body_util::BodyExt;
use hyper::client::conn::http1::{SendRequest, handshake};
use linq_core::{
    BackendFuture, Body, HttpBackend, TransportError, TransportErrorKind,
    backend::{AttemptProgress, BoundedBody, DEFAULT_CONNECT_TIMEOUT, DEFAULT_MAX_RESPONSE_BYTES, HttpBody},
};
use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName};
use smol::{
    Timer,
    future::{FutureExt as _, or},
    net::TcpStream,
};
use smol_hyper::rt::FuturesIo;

type BoxError = Box<dyn Error + Send + Sync>;
type Connection = SendRequest<HttpBody>;

/// Sends with hyper on the threads of smol. It uses no proxy.
#[derive(Clone)]
pub struct SmolBackend {
    tls: TlsConnector,
    /// Connections without a request, by scheme, host and port.
    idle: Arc<Mutex<Vec<(String, Connection)>>>,
}

impl SmolBackend {
    /// Creates a backend with a connection pool of its own, which trusts Mozilla's certificates.
    #[must_use]
    pub fn new() -> Self {
        let roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring supports them")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { tls: Arc::new(config).into(), idle: Arc::default() }
    }
}

impl HttpBackend for SmolBackend {
    fn send(&self, request: Request<Body>) -> BackendFuture<Result<Response<Bytes>, TransportError>> {
        let backend = self.clone();
        Box::pin(async move {
            let progress = AttemptProgress::of(&request);
            let body =
                |body| HttpBody::new(body, progress.clone(), |read| smol::unblock(|| Ok(read())).boxed());
            let exchange = backend.exchange(request.map(body));
            exchange.await.unwrap_or_else(|error| {
                // The client retries every call whose request was not sent.
                let was_sent = !progress.is_connecting();
                let kind = if was_sent { TransportErrorKind::Other } else { TransportErrorKind::Connect };
                Err(TransportError::with_source(kind, error))
            })
        })
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        Box::pin(async move {
            Timer::after(duration).await;
        })
    }
}

impl SmolBackend {
    async fn exchange(
        &self,
        mut request: Request<HttpBody>,
    ) -> Result<Result<Response<Bytes>, TransportError>, BoxError> {
        let url = std::mem::take(request.uri_mut());
        let authority = url.authority().ok_or("the URL is not absolute")?;
        let origin = format!("{}://{authority}", url.scheme_str().unwrap_or_default());
        if let Some(path) = url.path_and_query() {
            *request.uri_mut() = path.clone().into();
        }
        request.headers_mut().entry(HOST).or_insert(HeaderValue::from_str(authority.as_str())?);

        let mut connection = match self.idle_connection(&origin).await {
            Some(connection) => connection,
            None => or(self.connect(&url), timed_out()).await?,
        };
        let (head, mut body) = connection.send_request(request).await?.into_parts();
        let mut collected = BoundedBody::new(DEFAULT_MAX_RESPONSE_BYTES);
        while let Some(frame) = body.frame().await {
            let Ok(chunk) = frame?.into_data() else { continue };
            if let Err(too_large) = collected.push(chunk) {
                return Ok(Err(too_large));
            }
        }
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push((origin, connection));
        Ok(Ok(Response::from_parts(head, collected.finish())))
    }

    async fn idle_connection(&self, origin: &str) -> Option<Connection> {
        loop {
            let mut connection = {
                let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
                let index = idle.iter().position(|(of, _)| of == origin)?;
                idle.swap_remove(index).1
            };
            if connection.ready().await.is_ok() {
                return Some(connection);
            }
        }
    }

    async fn connect(&self, url: &Uri) -> Result<Connection, BoxError> {
        let is_tls = url.scheme_str() == Some("https");
        let host = url.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let port = url.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let stream = TcpStream::connect((host.as_str(), port)).await?;
        stream.set_nodelay(true)?;
        if is_tls {
            let stream = self.tls.connect(ServerName::try_from(host)?, stream).await?;
            let (connection, driver) = handshake(FuturesIo::new(stream)).await?;
            smol::spawn(driver).detach();
            Ok(connection)
        } else {
            let (connection, driver) = handshake(FuturesIo::new(stream)).await?;
            smol::spawn(driver).detach();
            Ok(connection)
        }
    }
}

async fn timed_out<T>() -> Result<T, BoxError> {
    Timer::after(DEFAULT_CONNECT_TIMEOUT).await;
    Err(io::Error::from(io::ErrorKind::TimedOut).into())
}

impl Default for SmolBackend {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for SmolBackend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SmolBackend")
    }
}
