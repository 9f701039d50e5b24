use std::fmt;

use linq_types::{Handle, HealthStatusKind, LineType};

use crate::{
    error::ApiError,
    model::{self, LineFault},
    shared::Shared,
};

/// One of your lines, as carriers and Apple treat it. Created by [`Sandbox::line`](crate::Sandbox::line).
///
/// ```
/// # mod linq { pub(crate) use linq_sandbox as sandbox; }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use linq::sandbox::{LineFault, Sandbox};
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

    /// Returns the line's phone number.
    #[must_use]
    pub fn phone_number(&self) -> &Handle {
        &self.phone_number
    }

    /// Flags the line: what it sends is rejected (403, [`LINE_SUSPENDED`](linq_types::error::ErrorCode::LINE_SUSPENDED)). Publishes
    /// `phone_number.status_updated` if it was not flagged before.
    ///
    /// # Errors
    ///
    /// Returns [`FOREIGN_PHONE_NUMBER`](linq_types::error::ErrorCode::FOREIGN_PHONE_NUMBER) if this is not one of your lines.
    pub fn flag(&self) -> Result<(), ApiError> {
        self.change(|line| line.is_flagged = true)
    }

    /// Removes the flag. Publishes `phone_number.status_updated` if the line was flagged.
    ///
    /// # Errors
    ///
    /// Returns [`FOREIGN_PHONE_NUMBER`](linq_types::error::ErrorCode::FOREIGN_PHONE_NUMBER) if this is not one of your lines.
    pub fn unflag(&self) -> Result<(), ApiError> {
        self.change(|line| line.is_flagged = false)
    }

    /// Sets the reputation. A line with a critical one cannot send (403,
    /// [`LINE_SUSPENDED`](linq_types::error::ErrorCode::LINE_SUSPENDED)). Publishes `phone_number.status_updated` if it changes.
    ///
    /// # Errors
    ///
    /// Returns [`FOREIGN_PHONE_NUMBER`](linq_types::error::ErrorCode::FOREIGN_PHONE_NUMBER) if this is not one of your lines.
    pub fn set_reputation(&self, reputation: HealthStatusKind) -> Result<(), ApiError> {
        self.change(|line| line.reputation = reputation)
    }

    /// Sets the reason why RCS cannot be checked from the line; `None` makes checks work again.
    ///
    /// # Errors
    ///
    /// Returns [`FOREIGN_PHONE_NUMBER`](linq_types::error::ErrorCode::FOREIGN_PHONE_NUMBER) if this is not one of your lines.
    pub fn set_fault(&self, fault: impl Into<Option<LineFault>>) -> Result<(), ApiError> {
        let fault = fault.into();
        self.shared.change(|store, _| store.set_line_fault(&self.phone_number, fault))
    }

    /// Sets what the line is set up for; iMessage at first.
    ///
    /// # Errors
    ///
    /// Returns [`FOREIGN_PHONE_NUMBER`](linq_types::error::ErrorCode::FOREIGN_PHONE_NUMBER) if this is not one of your lines.
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
