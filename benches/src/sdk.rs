//! The call as one writes it with the client.

use anyhow::Result;
use linq_core::{Client, HttpBackend, types::messages::Message};

use crate::way::{Get, MESSAGE_ID};

pub(crate) fn client(base_url: &str, backend: impl HttpBackend) -> Result<Client> {
    Ok(Client::builder().api_key("key").base_url(base_url).build(backend)?)
}

impl Get for Client {
    async fn get(&self) -> Result<Message> {
        Ok(self.messages().retrieve(MESSAGE_ID).await?)
    }
}
