//! A send as one writes it with reqwest: a loop that repeats what failed, with as many attempts as the SDKs make. It repeats
//! without an idempotency key, which the API's documentation of the endpoint leaves optional.

use std::{env, time::Duration};

use anyhow::Result;
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::json;
use tokio::time::sleep;

const ATTEMPTS: u32 = 3;

#[derive(Clone)]
pub(crate) struct Client {
    client: reqwest::Client,
    base_url: String,
    key: String,
}

#[derive(Deserialize)]
pub(crate) struct Response {
    #[expect(dead_code, reason = "only read")]
    message: Message,
}

#[derive(Deserialize)]
pub(crate) struct Message {
    #[expect(dead_code, reason = "only read")]
    id: String,
}

impl Client {
    pub(crate) fn from_env() -> Result<Self> {
        Ok(Self {
            client: reqwest::Client::builder().timeout(Duration::from_secs(60)).build()?,
            base_url: env::var("LINQ_API_V3_BASE_URL")?,
            key: env::var("LINQ_API_V3_API_KEY")?,
        })
    }

    pub(crate) async fn send(&self, chat_id: &str, text: &str) -> Result<Response> {
        let mut attempt = 1;
        loop {
            let error = match self.attempt(chat_id, text).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            if attempt == ATTEMPTS || !error.status().is_none_or(may_succeed_later) {
                return Err(error.into());
            }
            let backoff = Duration::from_millis(500) * 2_u32.pow(attempt - 1);
            sleep(backoff.mul_f64(0.75 + fastrand::f64() / 4.0)).await;
            attempt += 1;
        }
    }

    async fn attempt(&self, chat_id: &str, text: &str) -> reqwest::Result<Response> {
        let url = format!("{}/v3/chats/{chat_id}/messages", self.base_url);
        let body = json!({ "message": { "parts": [{ "type": "text", "value": text }] } });
        let request = self.client.post(url).bearer_auth(&self.key).json(&body);
        request.send().await?.error_for_status()?.json().await
    }
}

fn may_succeed_later(status: StatusCode) -> bool {
    status.is_server_error() || [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS].contains(&status)
}
