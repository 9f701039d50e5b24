use std::fmt;

use linq_types::{Handle, HealthStatusKind, LineType};

use crate::{
    error::ApiError,
    model::{self, LineFault},
    shared::Shared,
};

/// One of your lines, as carriers and Apple treat it: made by [`Sandbox::line`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use linq_sandbox::{LineFault, Sandbox};
///
/// let sandbox = Sandbox::start().await?;
/// let line = sandbox.line(sandbox.phone_number());
/// line.flag()?;
/// line.set_fault(LineFault::NoRcsAccount)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Line<'a> {
    shared: &'a Shared,
    phone_number: Handle,
}

impl<'a> Line<'a> {
    pub(crate) fn new(shared: &'a Shared, phone_number: Handle) -> Self {
        Self { shared, phone_number }
    }

    /// The line's number.
    #[must_use]
    pub fn phone_number(&self) -> &Handle {
        &self.phone_number
    }

    /// Flags the line: what it sends is refused (403, code 2027). `phone_number.status_updated` follows if it was
    /// not flagged before.
    ///
    /// # Errors
    ///
    /// `FOREIGN_PHONE_NUMBER` when this is none of your lines.
    pub fn flag(&self) -> Result<(), ApiError> {
        self.change(|line| line.is_flagged = true)
    }

    /// Takes the flag off again. `phone_number.status_updated` follows if it was flagged.
    ///
    /// # Errors
    ///
    /// `FOREIGN_PHONE_NUMBER` when this is none of your lines.
    pub fn unflag(&self) -> Result<(), ApiError> {
        self.change(|line| line.is_flagged = false)
    }

    /// Gives the line another reputation. One that is critical cannot send (403, code 2027).
    /// `phone_number.status_updated` follows if it is another one than before.
    ///
    /// # Errors
    ///
    /// `FOREIGN_PHONE_NUMBER` when this is none of your lines.
    pub fn set_reputation(&self, reputation: HealthStatusKind) -> Result<(), ApiError> {
        self.change(|line| line.reputation = reputation)
    }

    /// From now on this stands in the way of checking RCS from the line; `None` clears the way.
    ///
    /// # Errors
    ///
    /// `FOREIGN_PHONE_NUMBER` when this is none of your lines.
    pub fn set_fault(&self, fault: impl Into<Option<LineFault>>) -> Result<(), ApiError> {
        let fault = fault.into();
        self.shared.change(|store, _| store.set_line_fault(&self.phone_number, fault))
    }

    /// What the line is set up for: iMessage at first.
    ///
    /// # Errors
    ///
    /// `FOREIGN_PHONE_NUMBER` when this is none of your lines.
    pub fn set_type(&self, line_type: LineType) -> Result<(), ApiError> {
        self.shared.change(|store, _| store.set_line_type(&self.phone_number, line_type))
    }

    fn change(&self, change: impl FnOnce(&mut model::Line)) -> Result<(), ApiError> {
        self.shared.change(|store, now| store.change_standing(now, &self.phone_number, change))
    }
}

impl fmt::Debug for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Line").field(&self.phone_number).finish()
    }
}
