use std::fmt;

use redis::Client;

/// How a [`Store`](crate::Store) connects.
#[derive(Clone)]
#[must_use]
pub struct Config {
    pub(crate) client: Client,
    pub(crate) name: String,
    pub(crate) allows_loss: bool,
}

impl Config {
    /// Creates a configuration for a server, or for a node of a cluster.
    pub fn new(client: Client) -> Self {
        Self { client, name: "default".to_owned(), allows_loss: false }
    }

    /// Sets the name of the store: stores with different names on one server share nothing. The default is `default`.
    ///
    /// It must consist of letters, digits, underscores and hyphens; anything else is an error of
    /// [`connect`](crate::connect).
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Accepts a server that can lose what was stored, or does not say whether it can.
    pub fn allow_loss(mut self) -> Self {
        self.allows_loss = true;
        self
    }

    pub(crate) fn has_valid_name(&self) -> bool {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        !self.name.is_empty() && self.name.chars().all(is_plain)
    }

    /// The beginning of all keys, with the hash tag of a cluster.
    pub(crate) fn prefix(&self) -> String {
        format!("{{linq:{}}}:", self.name)
    }
}

/// Omits the client, which can have a password.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("name", &self.name)
            .field("allows_loss", &self.allows_loss)
            .finish_non_exhaustive()
    }
}
