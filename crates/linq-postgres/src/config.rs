use std::fmt;

use crate::{ConnectError, schema};

/// How a [`Store`](crate::Store) connects.
#[derive(Clone)]
#[must_use]
pub struct Config {
    pub(crate) postgres: tokio_postgres::Config,
    pub(crate) schema: String,
    pub(crate) allows_loss: bool,
}

impl Config {
    /// Creates a configuration for the server and the database of a connection string.
    pub fn new(postgres: tokio_postgres::Config) -> Self {
        Self { postgres, schema: "linq".to_owned(), allows_loss: false }
    }

    /// Sets the name of the schema with the tables of the store. The default is `linq`.
    ///
    /// It must consist of lower case letters, digits and underscores, and begin with a letter; anything else is an error of
    /// [`connect`](crate::connect).
    pub fn schema(mut self, name: impl Into<String>) -> Self {
        self.schema = name.into();
        self
    }

    /// Accepts `synchronous_commit = off`: what was stored can be lost if the server crashes.
    pub fn allow_loss(mut self) -> Self {
        self.allows_loss = true;
        self
    }

    /// Returns the SQL that [`Store::migrate`](crate::Store::migrate) runs on a new database, for those who keep their migrations
    /// elsewhere.
    ///
    /// # Errors
    ///
    /// Returns an error if the name of the schema is invalid ([`ConnectError::InvalidSchema`]).
    pub fn migrations(&self) -> Result<String, ConnectError> {
        if !self.has_valid_schema() {
            return Err(ConnectError::InvalidSchema);
        }
        let (schema, version) = (&self.schema, schema::STEPS.len());
        let steps = schema::steps_from(schema::STEPS, 0, schema);
        Ok(format!(
            "create schema if not exists {schema};\n{steps}\nupdate {schema}.meta set value = {version} where name = 'schema';\n"
        ))
    }

    /// An identifier that needs no quotes.
    pub(crate) fn has_valid_schema(&self) -> bool {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        self.schema.starts_with(|c: char| c.is_ascii_lowercase())
            && self.schema.chars().all(is_plain)
            && self.schema.len() <= 63
    }
}

/// Omits the connection string, which can have a password.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("schema", &self.schema)
            .field("allows_loss", &self.allows_loss)
            .finish_non_exhaustive()
    }
}
