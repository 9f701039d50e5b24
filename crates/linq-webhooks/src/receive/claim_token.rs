use std::{
    fmt,
    hash::{BuildHasher as _, RandomState},
    sync::atomic::{AtomicU64, Ordering},
};

/// The fencing token of one claim of an event: it ends that claim and no other.
///
/// A [`Receiver`](crate::Receiver) creates one for each claim. A store keeps it with the claim, as a number or as the 32
/// hexadecimal digits that it prints.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClaimToken(u128);

impl ClaimToken {
    /// Creates a token that differs from all others, also from those of other processes.
    pub(super) fn next() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let random = RandomState::new().hash_one(number);
        Self(u128::from(random) << 64 | u128::from(number))
    }
}

impl From<u128> for ClaimToken {
    fn from(token: u128) -> Self {
        Self(token)
    }
}

impl From<ClaimToken> for u128 {
    fn from(ClaimToken(token): ClaimToken) -> Self {
        token
    }
}

impl fmt::Display for ClaimToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for ClaimToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClaimToken({self})")
    }
}
