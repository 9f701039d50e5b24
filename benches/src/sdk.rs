//! The call as one writes it with the client.

use anyhow::Result;
use linq_core::{BlockingHttpBackend, Client, HttpBackend, blocking, types::messages::Message};

use crate::way::{BlockingGet, Get, MESSAGE_ID};

pub(crate) fn client(base_url: &str, backend: impl HttpBackend) -> Result<Client> {
    Ok(Client::builder().api_key("key").base_url(base_url).build(backend)?)
}

pub(crate) fn blocking_client(base_url: &str, backend: impl BlockingHttpBackend) -> Result<blocking::Client> {
    Ok(Client::builder().api_key("key").base_url(base_url).build_blocking(backend)?)
}

impl Get for Client {
    async fn get(&self) -> Result<Message> {
        Ok(self.messages().retrieve(MESSAGE_ID).await?)
    }
}

impl BlockingGet for blocking::Client {
    fn get(&self) -> Result<Message> {
        Ok(self.messages().retrieve(MESSAGE_ID).call()?)
    }
}
