use linq_types::Timestamp;

/// The numbers of items of a queue.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub struct Stats {
    /// Items that wait or are being processed.
    pub waiting: u64,
    /// Items that are being processed.
    pub leased: u64,
    /// Dead letters.
    pub dead: u64,
    /// When the oldest waiting item was added; `None` if none waits.
    pub oldest: Option<Timestamp>,
}

impl Stats {
    /// Creates the numbers: for implementations of [`Store`](crate::Store).
    #[must_use]
    pub fn new(waiting: u64, leased: u64, dead: u64, oldest: Option<Timestamp>) -> Self {
        Self { waiting, leased, dead, oldest }
    }
}
