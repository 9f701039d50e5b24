//! The endpoints of the API, called by operation with parameters in JSON, through the types and methods of the SDK.

mod description;
mod invalid_parameters;
mod parameters;
mod schema;
mod table;

use std::{fmt, pin::Pin};

use linq::{Call, Client, Error, types::Operation};
use serde::Serialize;
use serde_json::Value;

pub(crate) use self::invalid_parameters::InvalidParameters;
use self::parameters::Given;

/// How to call one operation.
pub(crate) struct Endpoint {
    rust_method: &'static str,
    schema: fn() -> Value,
    read: fn(&Given) -> Result<Box<dyn fmt::Debug>, InvalidParameters>,
    call: for<'c> fn(&'c Client, &Given) -> Result<ResponseFuture<'c>, InvalidParameters>,
}

impl Endpoint {
    pub(crate) fn of(operation: Operation) -> &'static Self {
        table::ENDPOINTS.get(operation)
    }

    /// Returns the call as Rust code, such as `client.chats().retrieve(chat_id)`.
    pub(crate) fn rust_method(&self) -> String {
        // `stringify!` breaks long lines.
        self.rust_method.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Returns the JSON schema of the parameters: an object with `path_params`, `query`, `headers` and `body`, as far as
    /// the endpoint has them.
    pub(crate) fn schema(&self) -> Value {
        (self.schema)()
    }

    /// Reads parameters into the types of the endpoint. Sends nothing.
    pub(crate) fn read(&self, json: &str) -> Result<Box<dyn fmt::Debug>, InvalidParameters> {
        (self.read)(&Given::parse(json)?)
    }

    /// Prepares the call; it is sent when the future is first polled.
    ///
    /// `json` is an object with `path_params`, `query`, `headers` and `body`, each optional. Of a list, one page is
    /// requested.
    pub(crate) fn call<'c>(
        &self,
        client: &'c Client,
        json: &str,
    ) -> Result<ResponseFuture<'c>, InvalidParameters> {
        (self.call)(client, &Given::parse(json)?)
    }
}

/// A response, decoded into its own type.
pub(crate) trait Response: fmt::Debug + Send {
    /// Returns the response as JSON; `null` if it has no body.
    fn to_json(&self) -> Value;
}

impl<T: fmt::Debug + Send + Serialize> Response for T {
    fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

pub(crate) type ResponseFuture<'c> =
    Pin<Box<dyn Future<Output = Result<Box<dyn Response>, Error>> + Send + 'c>>;

fn response<'c, T: Response + 'static>(call: Call<'c, Client, T>) -> ResponseFuture<'c> {
    let call = call.into_future();
    Box::pin(async move { Ok(Box::new(call.await?) as Box<dyn Response>) })
}
