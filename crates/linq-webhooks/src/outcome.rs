use http::StatusCode;

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// It was handled.
    Handled,
    /// Nothing handles such events. The service must not send it again either.
    Ignored,
}

impl Outcome {
    /// The status to answer: 204, which tells the service that the event arrived.
    #[must_use]
    pub fn status(self) -> StatusCode {
        StatusCode::NO_CONTENT
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
