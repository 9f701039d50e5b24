use anyhow::Result;
use http::{HeaderMap, Request};
use linq_core::types::messages::Message;
use ureq::Agent;

use super::{CONNECT_TIMEOUT, TIMEOUT, headers};
use crate::way::{BlockingGet, MESSAGE_ID};

/// ureq's agent with its connection pool.
pub(crate) struct Ureq {
    agent: Agent,
    headers: HeaderMap,
    base_url: String,
}

impl Ureq {
    pub(crate) fn new(base_url: &str) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .max_redirects(0)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .build();
        Self { agent: config.into(), headers: headers(), base_url: base_url.to_owned() }
    }
}

impl BlockingGet for Ureq {
    fn get(&self) -> Result<Message> {
        let url = format!("{}/v3/messages/{MESSAGE_ID}", self.base_url);
        let mut request = Request::get(url).body(())?;
        *request.headers_mut() = self.headers.clone();
        let mut response = self.agent.run(request)?;
        Ok(serde_json::from_slice(&response.body_mut().read_to_vec()?)?)
    }
}
