use std::fmt;

use linq_types::events::{Envelope, Format, Interest};

/// Why an event was [ignored](crate::Outcome::Ignored). `Display` prints the reason as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IgnoreReason {
    /// The handler accepts no event of this type.
    NotAccepted,
    /// The handler accepts events of this type in another format only.
    ///
    /// To accept received messages in both formats of V3, take an
    /// [`InboundMessage`](linq_types::events::InboundMessage). To receive the newest format, pin it in the target URL of
    /// the subscription: `?version=2026-02-03`.
    #[non_exhaustive]
    OtherFormat {
        /// The format that the handler accepts.
        accepted: Format,
        /// The format of the event.
        received: Format,
    },
    /// One of your own lines caused the event: [`Gate::skip_own`](crate::Gate::skip_own).
    Own,
    /// The event happened on another line: [`Gate::only_lines`](crate::Gate::only_lines).
    OtherLine,
    /// The service recovered the message late: [`Gate::skip_history`](crate::Gate::skip_history).
    History,
    /// The message is in a group and does not mention your line:
    /// [`Gate::groups_only_if_mentioned`](crate::Gate::groups_only_if_mentioned).
    NotMentioned,
    /// The person is not on the allow list: [`Gate::allow`](crate::Gate::allow).
    NotAllowed,
    /// The person opted out: [`Gate::opt_outs`](crate::Gate::opt_outs).
    OptedOut,
    /// A condition of yours is not met: [`Gate::filter`](crate::Gate::filter).
    Filtered,
}

impl IgnoreReason {
    /// Returns why none of these interests accepts the event.
    pub(crate) fn of(event: &Envelope<'_>, interests: &[Interest]) -> Self {
        let event_type = event.event_type().as_str();
        let same_type = interests.iter().find(|interest| interest.event_type() == Some(event_type));
        match same_type.and_then(|interest| interest.format()) {
            Some(accepted) => Self::OtherFormat { accepted, received: event.format() },
            None => Self::NotAccepted,
        }
    }
}

impl fmt::Display for IgnoreReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAccepted => "the handler accepts no event of this type",
            Self::OtherFormat { accepted, received } => {
                return write!(
                    f,
                    "the event has the format {received}, and the handler accepts {accepted}; take `InboundMessage`, or \
                     pin the version in the target URL of the subscription"
                );
            }
            Self::Own => "one of your own lines caused the event",
            Self::OtherLine => "the event happened on another line",
            Self::History => "the service recovered the message late",
            Self::NotMentioned => "the message is in a group and does not mention your line",
            Self::NotAllowed => "the person is not on the allow list",
            Self::OptedOut => "the person opted out",
            Self::Filtered => "a condition of the handler is not met",
        })
    }
}
