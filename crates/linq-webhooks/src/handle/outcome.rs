use http::StatusCode;

use crate::IgnoreReason;

/// The outcome of a delivery that needs no further delivery.
///
/// ```
/// # mod linq { pub(crate) use linq_webhooks as webhooks; }
/// use linq::webhooks::Outcome;
///
/// assert_eq!(Outcome::Handled.status(), 204);
/// assert_eq!(Outcome::Accepted.status(), 202);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The event was handled.
    Handled,
    /// The event was not handled, for this reason. It is acknowledged all the same.
    Ignored(IgnoreReason),
    /// An earlier delivery of the event was handled.
    Duplicate,
    /// The event was stored, to be handled after the response, for example by a durable inbox.
    Accepted,
}

impl Outcome {
    /// Returns the status code to respond with: 202 for [`Accepted`](Self::Accepted), otherwise 204.
    ///
    /// After both, the API does not deliver the event again.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::Accepted => StatusCode::ACCEPTED,
            Self::Handled | Self::Ignored(_) | Self::Duplicate => StatusCode::NO_CONTENT,
        }
    }
}

/// A return type of handler methods and functions: `()`, or `Result<(), F>` where `F` converts into the error `E`.
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    label = "return `()` or `Result<(), E>`"
)]
pub trait IntoOutcome<E>: Sealed {
    /// Converts the returned value into the outcome of the event.
    ///
    /// # Errors
    ///
    /// Returns an error if the handler returned one.
    fn into_outcome(self) -> Result<Outcome, E>;
}

#[expect(unnameable_types, reason = "seals the trait")]
pub trait Sealed {}

impl Sealed for () {}

impl<E> IntoOutcome<E> for () {
    fn into_outcome(self) -> Result<Outcome, E> {
        Ok(Outcome::Handled)
    }
}

impl<F> Sealed for Result<(), F> {}

impl<E, F: Into<E>> IntoOutcome<E> for Result<(), F> {
    fn into_outcome(self) -> Result<Outcome, E> {
        self.map(|()| Outcome::Handled).map_err(Into::into)
    }
}
