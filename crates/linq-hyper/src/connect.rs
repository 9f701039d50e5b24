use std::{
    error::Error as StdError,
    io,
    pin::Pin,
    task::{Context, Poll},
};

use http::Uri;
use hyper::rt::{Read, Write};
use hyper_util::client::legacy::connect::Connection;
use linq_core::backend::DEFAULT_CONNECT_TIMEOUT;
use tower_service::Service;

type BoxError = Box<dyn StdError + Send + Sync>;

/// A connector for hyper: a [`Service`](https://docs.rs/tower-service/0.3/tower_service/trait.Service.html) that turns a URL into a connection.
///
/// It is implemented for every matching service, among them the connectors of hyper-util, hyper-rustls and hyper-tls.
pub trait Connector:
    Service<
        Uri,
        Response: Read + Write + Connection + Unpin + Send + 'static,
        Error: Into<BoxError>,
        Future: Send + 'static,
    > + Clone
    + Send
    + Sync
    + 'static
{
}

impl<C> Connector for C where
    C: Service<
            Uri,
            Response: Read + Write + Connection + Unpin + Send + 'static,
            Error: Into<BoxError>,
            Future: Send + 'static,
        > + Clone
        + Send
        + Sync
        + 'static
{
}

/// A connector with a timeout, for DNS, TCP and TLS together.
#[derive(Clone)]
pub(crate) struct InTime<C>(pub(crate) C);

impl<C: Connector> Service<Uri> for InTime<C> {
    type Response = C::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<C::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, url: Uri) -> Self::Future {
        let connecting = self.0.call(url);
        Box::pin(async move {
            match tokio::time::timeout(DEFAULT_CONNECT_TIMEOUT, connecting).await {
                Ok(connection) => connection.map_err(Into::into),
                Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
            }
        })
    }
}
