//! One operation: the invocation of a script on the connection of the moment.

use linq_durable::{StoreError, StoreErrorKind};
use redis::{ErrorKind, FromRedisValue, RedisError, Script, ScriptInvocation, ServerErrorKind, ToRedisArgs};
use tokio::{select, sync::watch};

use crate::driver::State;

pub(crate) struct Call {
    invocation: ScriptInvocation<'static>,
    state: watch::Receiver<State>,
}

impl Call {
    pub(crate) fn new(script: &'static Script, prefix: &str, state: watch::Receiver<State>) -> Self {
        Self { invocation: script.key(prefix), state }
    }

    pub(crate) fn arg(mut self, value: impl ToRedisArgs) -> Self {
        self.invocation.arg(value);
        self
    }

    pub(crate) async fn run<T: FromRedisValue>(mut self) -> Result<T, StoreError> {
        let state = self.state.borrow_and_update().clone();
        let mut link = state.map_err(|reason| unavailable(&reason))?;
        let lost = self.state.changed();
        select! {
            biased;
            result = self.invocation.invoke_async(&mut link.connection) => result.map_err(|error| {
                link.report(&error);
                store_error(&error)
            }),
            _ = lost => Err(unavailable("the connection was lost")),
        }
    }
}

fn unavailable(reason: &str) -> StoreError {
    StoreError::with_source(StoreErrorKind::Unavailable, reason)
}

fn store_error(error: &RedisError) -> StoreError {
    let kind = match error.kind() {
        // The text would show the response, which can be private.
        ErrorKind::Parse | ErrorKind::UnexpectedReturnType => {
            return StoreError::with_source(StoreErrorKind::Config, "the server sent an unexpected response");
        }
        ErrorKind::Server(
            ServerErrorKind::CrossSlot | ServerErrorKind::NoPerm | ServerErrorKind::ResponseError,
        ) => StoreErrorKind::Config,
        _ if error.code() == Some("OOM") => StoreErrorKind::Full,
        _ => StoreErrorKind::Unavailable,
    };
    StoreError::with_source(kind, error.to_string())
}
