use std::fmt;

/// An event type in one format, which identifies a payload type.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::events::{EventPayload, Format, MessageReceived, Route, v2, v2025_01_01};
///
/// assert_eq!(MessageReceived::EVENT, Route::new(Format::V3, "message.received"));
/// assert_eq!(v2025_01_01::MessageReceived::EVENT, Route::new(Format::V2025_01_01, "message.received"));
/// assert_eq!(v2::CallCompleted::EVENT, Route::new(Format::V2, "call.completed"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Route {
    /// The format of the payload.
    pub format: Format,
    /// The name of the event type on the wire.
    pub event_type: &'static str,
}

impl Route {
    /// Creates a route.
    #[must_use]
    pub const fn new(format: Format, event_type: &'static str) -> Self {
        Self { format, event_type }
    }

    /// Returns `true` if both routes are equal. Unlike `==`, it works in constants.
    #[must_use]
    pub const fn is(self, other: Self) -> bool {
        let (left, right) = (self.event_type.as_bytes(), other.event_type.as_bytes());
        if self.format as u8 != other.format as u8 || left.len() != right.len() {
            return false;
        }
        let mut at = 0;
        while at < left.len() {
            if left[at] != right[at] {
                return false;
            }
            at += 1;
        }
        true
    }
}

/// The format of a payload, which decides its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// The format of the V2 API: [`v2`](super::v2).
    V2,
    /// The format of message events of version 2025-01-01: [`v2025_01_01`](super::v2025_01_01).
    V2025_01_01,
    /// The format of message events of version 2026-02-03, and of all other events in every version of V3.
    V3,
}

/// Prints the version that selects the format: `v2`, `2025-01-01` or `2026-02-03`.
impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V2 => "v2",
            Self::V2025_01_01 => "2025-01-01",
            Self::V3 => "2026-02-03",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_equals_the_equality_operator() {
        let routes = [
            Route::new(Format::V3, "message.read"),
            Route::new(Format::V3, "message.sent"),
            Route::new(Format::V3, "message.rea"),
            Route::new(Format::V2, "message.read"),
            Route::new(Format::V2025_01_01, "message.read"),
        ];
        for (at, left) in routes.into_iter().enumerate() {
            for (also_at, right) in routes.into_iter().enumerate() {
                assert_eq!(left.is(right), at == also_at);
                assert_eq!(left == right, at == also_at);
            }
        }
    }
}
