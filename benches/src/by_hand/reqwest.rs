use anyhow::Result;
use linq_core::types::messages::Message;

use super::{CONNECT_TIMEOUT, TIMEOUT, headers};
use crate::way::{Get, MESSAGE_ID};

/// reqwest, the JSON read from the bytes.
pub(crate) struct Reqwest {
    client: reqwest::Client,
    base_url: String,
}

impl Reqwest {
    pub(crate) fn new(base_url: &str) -> Result<Self> {
        let client = reqwest::Client::builder()
            .default_headers(headers())
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .build()?;
        Ok(Self { client, base_url: base_url.to_owned() })
    }

    async fn send(&self) -> Result<reqwest::Response> {
        let url = format!("{}/v3/messages/{MESSAGE_ID}", self.base_url);
        Ok(self.client.get(url).send().await?.error_for_status()?)
    }
}

impl Get for Reqwest {
    async fn get(&self) -> Result<Message> {
        Ok(serde_json::from_slice(&self.send().await?.bytes().await?)?)
    }
}

/// reqwest, the JSON read by its `json()`.
pub(crate) struct ReqwestJson(pub(crate) Reqwest);

impl Get for ReqwestJson {
    async fn get(&self) -> Result<Message> {
        Ok(self.0.send().await?.json().await?)
    }
}
