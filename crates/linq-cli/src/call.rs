//! `linq call`: any endpoint of the API by its id, through the same types as the client's methods.

mod bad_parameters;
mod command;
mod endpoints;
mod parameters;

use std::{fmt, pin::Pin};

use linq::{Call, Client, Error};
use serde::Serialize;
use serde_json::Value;

pub use self::{
    bad_parameters::BadParameters,
    command::{Arguments, run},
};
use self::{endpoints::ENDPOINTS, parameters::Given};

/// An endpoint of the API.
#[derive(Debug)]
pub struct Endpoint {
    id: &'static str,
    read: fn(&Given) -> Result<Box<dyn fmt::Debug>, BadParameters>,
    call: for<'c> fn(&'c Client, &Given) -> Result<AnswerFuture<'c>, BadParameters>,
}

impl Endpoint {
    /// Every endpoint.
    #[must_use]
    pub fn all() -> &'static [Self] {
        ENDPOINTS
    }

    /// The endpoint of this id, such as `chats.messages.send`.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        ENDPOINTS.iter().find(|endpoint| endpoint.id == id)
    }

    /// The id: the API's words for resource and method.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// Reads parameters into the endpoint's types and calls nothing.
    ///
    /// # Errors
    ///
    /// [`BadParameters`] when they do not fit.
    pub fn read(&self, json: &str) -> Result<Box<dyn fmt::Debug>, BadParameters> {
        (self.read)(&Given::parse(json)?)
    }

    /// Makes the call; nothing is sent before the future is awaited.
    ///
    /// `json` has `path_params`, `query`, `headers` and `body`; what is not needed may be absent. Of a list one page
    /// is fetched.
    ///
    /// # Errors
    ///
    /// [`BadParameters`] when the parameters do not fit.
    pub fn call<'c>(&self, client: &'c Client, json: &str) -> Result<AnswerFuture<'c>, BadParameters> {
        (self.call)(client, &Given::parse(json)?)
    }
}

/// What an endpoint answered, as a value of its own type.
pub trait Answer: fmt::Debug + Send {
    /// The answer as JSON; `null` if there was nothing in it.
    fn to_json(&self) -> Value;
}

impl<T: fmt::Debug + Send + Serialize> Answer for T {
    fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// What awaiting a call gives.
pub type AnswerFuture<'c> = Pin<Box<dyn Future<Output = Result<Box<dyn Answer>, Error>> + Send + 'c>>;

fn answer<'c, T: Answer + 'static>(call: Call<'c, Client, T>) -> AnswerFuture<'c> {
    let call = call.into_future();
    Box::pin(async move { Ok(Box::new(call.await?) as Box<dyn Answer>) })
}
