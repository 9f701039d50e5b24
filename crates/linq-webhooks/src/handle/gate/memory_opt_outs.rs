use std::{
    collections::HashMap,
    error::Error,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use linq_types::{Handle, Timestamp};

use crate::OptOuts;

/// The people who opted out, in the memory of this process. They are forgotten when it ends.
#[derive(Default)]
pub struct MemoryOptOuts {
    opted_out: Mutex<HashMap<Handle, Timestamp>>,
}

impl MemoryOptOuts {
    /// Creates an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn opted_out(&self) -> MutexGuard<'_, HashMap<Handle, Timestamp>> {
        self.opted_out.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OptOuts for MemoryOptOuts {
    async fn insert(&self, person: &Handle, at: Timestamp) -> Result<(), Box<dyn Error + Send + Sync>> {
        let mut opted_out = self.opted_out();
        let latest = opted_out.entry(person.clone()).or_insert(at);
        *latest = at.max(*latest);
        Ok(())
    }

    async fn remove(&self, person: &Handle, at: Timestamp) -> Result<bool, Box<dyn Error + Send + Sync>> {
        let mut opted_out = self.opted_out();
        let is_later = opted_out.get(person).is_some_and(|opted_out_at| *opted_out_at > at);
        if !is_later {
            opted_out.remove(person);
        }
        Ok(is_later)
    }

    async fn contains(&self, person: &Handle) -> Result<bool, Box<dyn Error + Send + Sync>> {
        Ok(self.opted_out().contains_key(person))
    }
}

/// Shows how many people there are, not who.
impl fmt::Debug for MemoryOptOuts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryOptOuts").field("len", &self.opted_out().len()).finish()
    }
}
