use http::StatusCode;

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// It was handled.
    Handled,
    /// Nothing handles such events. The service must not send it again either.
    Ignored,
    /// It was handled before, when it was delivered the first time.
    Duplicate,
    /// It was taken into the queue, and will be handled.
    Accepted,
}

impl Outcome {
    /// The status to answer: 202 for what was accepted, else 204. Both tell the service that it is done.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::Accepted => StatusCode::ACCEPTED,
            Self::Handled | Self::Ignored | Self::Duplicate => StatusCode::NO_CONTENT,
        }
    }
}

/// What a handling method can return: `()`, or `Result<(), E>` with an error that becomes the handler's own.
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    label = "return `()` or `Result<(), E>`"
)]
pub trait IntoOutcome<E>: Sealed {
    /// The outcome of the event.
    ///
    /// # Errors
    ///
    /// The error that the method returned.
    fn into_outcome(self) -> Result<Outcome, E>;
}

#[expect(unnameable_types, reason = "that seals the trait")]
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
