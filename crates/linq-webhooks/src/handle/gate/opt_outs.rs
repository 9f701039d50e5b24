use std::{error::Error, future::Future, sync::Arc};

use linq_types::{Handle, Timestamp};

/// A store of the people who opted out, for [`Gate::opt_outs`](crate::Gate::opt_outs).
///
/// [`MemoryOptOuts`](crate::MemoryOptOuts) serves one process. `linq::durable` has one in a database. The service is
/// what refuses the sends: a store that forgets an opt-out costs one refused send.
///
/// Share a store in an `Arc`, to ask it before a send that no event causes, and to insert who refused one (403,
/// [`RECIPIENT_OPTED_OUT`](linq_types::error::ErrorCode::RECIPIENT_OPTED_OUT), 2024):
///
/// ```
/// # mod linq { pub(crate) use linq_webhooks as webhooks; }
/// use std::error::Error;
///
/// use linq::webhooks::{OptOuts, Timestamp};
/// # use linq_types::Handle;
///
/// async fn remind<O: OptOuts>(
///     opt_outs: &O,
///     person: &Handle,
///     now: Timestamp,
///     send: impl AsyncFnOnce(&Handle) -> Result<(), u16>,
/// ) -> Result<(), Box<dyn Error + Send + Sync>> {
///     if !opt_outs.contains(person).await? && send(person).await == Err(2024) {
///         opt_outs.insert(person, now).await?;
///     }
///     Ok(())
/// }
/// ```
///
/// The methods need not await anything, and their futures need not be `Send`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a store of opt-outs",
    label = "does not implement `OptOuts`",
    note = "use a `MemoryOptOuts`, an `Arc` of a store, or implement `OptOuts` for a store of your own"
)]
pub trait OptOuts {
    /// Remembers that a person opted out at this time. The latest time of several is kept.
    ///
    /// # Errors
    ///
    /// Returns an error if the store failed.
    fn insert(
        &self,
        person: &Handle,
        at: Timestamp,
    ) -> impl Future<Output = Result<(), Box<dyn Error + Send + Sync>>>;

    /// Forgets the opt-out of a person who wrote at this time, unless the opt-out is later: then it returns `true`.
    ///
    /// # Errors
    ///
    /// Returns an error if the store failed.
    fn remove(
        &self,
        person: &Handle,
        at: Timestamp,
    ) -> impl Future<Output = Result<bool, Box<dyn Error + Send + Sync>>>;

    /// Returns `true` if the person opted out.
    ///
    /// # Errors
    ///
    /// Returns an error if the store failed.
    fn contains(&self, person: &Handle) -> impl Future<Output = Result<bool, Box<dyn Error + Send + Sync>>>;
}

/// Forwards to the shared store.
impl<O: OptOuts> OptOuts for Arc<O> {
    fn insert(
        &self,
        person: &Handle,
        at: Timestamp,
    ) -> impl Future<Output = Result<(), Box<dyn Error + Send + Sync>>> {
        O::insert(self, person, at)
    }

    fn remove(
        &self,
        person: &Handle,
        at: Timestamp,
    ) -> impl Future<Output = Result<bool, Box<dyn Error + Send + Sync>>> {
        O::remove(self, person, at)
    }

    fn contains(&self, person: &Handle) -> impl Future<Output = Result<bool, Box<dyn Error + Send + Sync>>> {
        O::contains(self, person)
    }
}

/// Remembers nobody.
impl OptOuts for () {
    async fn insert(&self, _: &Handle, _: Timestamp) -> Result<(), Box<dyn Error + Send + Sync>> {
        Ok(())
    }

    async fn remove(&self, _: &Handle, _: Timestamp) -> Result<bool, Box<dyn Error + Send + Sync>> {
        Ok(false)
    }

    async fn contains(&self, _: &Handle) -> Result<bool, Box<dyn Error + Send + Sync>> {
        Ok(false)
    }
}
