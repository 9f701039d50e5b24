//! The endpoints of the API, called by operation with parameters in JSON, through the types and methods of the SDK.

mod description;
mod example;
mod fields;
mod invalid_parameters;
mod parameters;
mod schema;
mod table;

use std::fmt;

use bytes::Bytes;
use linq::{Call, CallFuture, Client, types::Operation};
use serde::Serialize;
use serde_json::{Map, Value};

pub(crate) use self::invalid_parameters::{InvalidParameters, UnknownField};
use self::parameters::{Given, PARTS};

/// How to call one operation.
pub(crate) struct Endpoint {
    rust_method: &'static str,
    schema: fn() -> Value,
    read: fn(&Given) -> Result<Box<dyn fmt::Debug>, InvalidParameters>,
    call: for<'c> fn(&'c Client, &Given) -> Result<BoxedCall<'c>, InvalidParameters>,
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

    /// Returns the definition that a schema refers to in the schema of the parameters, or the schema itself.
    pub(crate) fn resolve<'s>(schema: &'s Value, root: &'s Value) -> &'s Value {
        schema::resolve(schema, root)
    }

    /// Returns the position of a part among the parts of the parameters.
    pub(crate) fn part_index(name: &str) -> Option<usize> {
        PARTS.iter().position(|part| *part == name)
    }

    /// Returns parameters as an example: the required ones, and a body. Texts in capitals are to be replaced.
    pub(crate) fn example(&self) -> Value {
        let schema = self.schema();
        let parts = PARTS.into_iter().filter_map(|name| Some((name, schema["properties"].get(name)?)));
        let needed = parts.filter(|(name, part)| *name == "body" || part["required"].is_array());
        needed
            .map(|(name, part)| (name.to_owned(), example::of(part, &schema, name)))
            .collect::<Map<_, _>>()
            .into()
    }

    /// Reads parameters into the types of the endpoint. Sends nothing.
    pub(crate) fn read(&self, json: &str) -> Result<Box<dyn fmt::Debug>, InvalidParameters> {
        (self.read)(&self.given(json)?)
    }

    /// Prepares the call; it is sent when the future is first polled.
    ///
    /// `json` is an object with `path_params`, `query`, `headers` and `body`, each optional. Of a list, one page is
    /// requested.
    pub(crate) fn call<'c>(
        &self,
        client: &'c Client,
        json: &str,
    ) -> Result<CallFuture<'c, Box<dyn Response>>, InvalidParameters> {
        Ok((self.call)(client, &self.given(json)?)?.decoded())
    }

    /// Prepares the same call as [`call`](Self::call), which returns the body of the response as the API sent it.
    pub(crate) fn call_raw<'c>(
        &self,
        client: &'c Client,
        json: &str,
    ) -> Result<CallFuture<'c, Bytes>, InvalidParameters> {
        Ok((self.call)(client, &self.given(json)?)?.raw())
    }

    /// Parses parameters that have all required fields and no unknown ones.
    fn given(&self, json: &str) -> Result<Given, InvalidParameters> {
        let given = Given::parse(json)?;
        fields::check(given.parts(), &self.schema())?;
        Ok(given)
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

/// A call of any endpoint.
trait AnyCall<'c> {
    fn decoded(self: Box<Self>) -> CallFuture<'c, Box<dyn Response>>;

    fn raw(self: Box<Self>) -> CallFuture<'c, Bytes>;
}

type BoxedCall<'c> = Box<dyn AnyCall<'c> + 'c>;

impl<'c, T: Response + 'static> AnyCall<'c> for Call<'c, Client, T> {
    fn decoded(self: Box<Self>) -> CallFuture<'c, Box<dyn Response>> {
        let call = self.into_future();
        Box::pin(async move { Ok(Box::new(call.await?) as Box<dyn Response>) })
    }

    fn raw(self: Box<Self>) -> CallFuture<'c, Bytes> {
        (*self).raw().into_future()
    }
}
