//! Comparison of a store with the one in memory, operation by operation.

use std::fmt::Write as _;

use self::{operation::Operation, side::Side};
use super::{Conformance, TestStore};
use crate::MemoryStore;

mod operation;
mod side;

impl Conformance {
    /// Runs operations on the store and on a [`MemoryStore`], and compares the results of each.
    ///
    /// Each number chooses an operation and its arguments, so that a property test can generate them and, when it finds a
    /// difference, shorten them. Several checks can share a store if each has another name: the names of queues and the keys
    /// of limits begin with it. The clock of the store moves only by [`TestStore::advance`] in steps of 10 minutes; a check must
    /// take less than 5 minutes.
    ///
    /// ```
    /// use linq_durable::{MemoryStore, testing::Conformance};
    /// use linq_webhooks::block_on;
    ///
    /// let choices = [0, 7, 2_000_000_011];
    /// block_on(Conformance::new().check_model(&MemoryStore::new(), "case 1", &choices)).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if a result differs: a text with the operations up to it.
    pub async fn check_model<S: TestStore>(
        &self,
        store: &S,
        name: &str,
        choices: &[u32],
    ) -> Result<(), String> {
        let memory = MemoryStore::new();
        let (mut tested, mut model) = (Side::new(store, name), Side::new(&memory, name));
        let mut history = String::new();
        let chosen = choices.iter().map(|choice| Operation::choose(*choice));
        for (number, operation) in chosen.chain(Operation::all_reads()).enumerate() {
            let expected = model.run(&operation, number).await;
            let found = tested.run(&operation, number).await;
            let _written = writeln!(history, "{operation:?} -> {expected:?}");
            if found != expected {
                return Err(format!("found {found:?} in place of the last result\n{history}"));
            }
        }
        Ok(())
    }
}
