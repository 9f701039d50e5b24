use std::{error::Error, fmt};

/// The error of a [`Gate`](crate::Gate).
#[derive(Debug)]
#[non_exhaustive]
pub enum GateError<E> {
    /// The handler returned an error.
    Handler(E),
    /// The store of opt-outs returned an error. The event was not handled, or the opt-out that its handling revealed was not
    /// remembered.
    OptOuts(Box<dyn Error + Send + Sync>),
}

/// Prints what the handler's error prints.
impl<E: fmt::Display> fmt::Display for GateError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Handler(error) => error.fmt(f),
            Self::OptOuts(_) => f.write_str("store of opt-outs failed"),
        }
    }
}

/// The source of a handler's error is not exposed; match on [`GateError::Handler`] to get it.
impl<E: fmt::Debug + fmt::Display> Error for GateError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Handler(_) => None,
            Self::OptOuts(error) => Some(&**error),
        }
    }
}
