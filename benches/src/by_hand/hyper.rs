use anyhow::{Result, ensure};
use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body_util::{BodyExt, Empty};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use linq_core::types::messages::Message;
use tokio::time::timeout;

use super::{CONNECT_TIMEOUT, TIMEOUT, headers};
use crate::way::{Get, MESSAGE_ID};

/// hyper-util's client with its connection pool.
pub(crate) struct Hyper {
    client: Client<HttpConnector, Empty<Bytes>>,
    headers: HeaderMap,
    base_url: String,
}

impl Hyper {
    pub(crate) fn new(base_url: &str) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        let client = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
        Self { client, headers: headers(), base_url: base_url.to_owned() }
    }

    async fn send(&self) -> Result<Message> {
        let url = format!("{}/v3/messages/{MESSAGE_ID}", self.base_url);
        let mut request = Request::get(url).body(Empty::new())?;
        *request.headers_mut() = self.headers.clone();
        let response = self.client.request(request).await?;
        ensure!(response.status().is_success(), "the service answered {}", response.status());
        Ok(serde_json::from_slice(&response.into_body().collect().await?.to_bytes())?)
    }
}

impl Get for Hyper {
    async fn get(&self) -> Result<Message> {
        timeout(TIMEOUT, self.send()).await?
    }
}
