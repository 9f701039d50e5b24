use anyhow::Result;
use http::{HeaderMap, Request};
use linq_core::types::messages::Message;
use ureq::Agent;

use super::{TIMEOUT, headers};
use crate::way::{BlockingGet, IN_FLIGHT, MESSAGE_ID};

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
            .max_idle_connections(IN_FLIGHT as usize)
            .max_idle_connections_per_host(IN_FLIGHT as usize)
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
