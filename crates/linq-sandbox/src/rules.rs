use std::time::Duration;

use http::StatusCode;
use linq_types::error::ErrorCode;

/// How the sandbox decides where nobody outside knows what the API does.
///
/// Each setting names the rule of the API that it stands for. The defaults are the likeliest guesses; set one where
/// you know better, or to see that your program can live with the other answer.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use linq_sandbox::{Rules, Sandbox};
///
/// let rules = Rules::default().refuse_changed_replays(true);
/// let sandbox = Sandbox::builder().rules(rules).start().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Rules {
    /// An idempotency key that comes again with another request is refused (409, code 2015), instead of getting the
    /// first answer again. Off by default: the service is not known to look at the body.
    pub refuse_changed_replays: bool,
    /// An idempotency key counts for the path it was used at, instead of for the whole account. Off by default: the
    /// service is not known to tell paths apart.
    pub keys_count_per_path: bool,
    /// How long an idempotency key is remembered. `None`, the default, is for ever: no end is known.
    pub keys_last: Option<Duration>,
    /// Reactions to messages that are not sent yet are taken. Off by default: the service has been seen to refuse
    /// them (500, code 3006).
    pub early_reactions: bool,
    /// Opening a chat that there is already answers 201, as opening a new one does. On by default; 200 when off.
    pub reuse_is_201: bool,
    /// Chats that you open are announced by `chat.created`, as those are that people open. On by default.
    pub announce_opened_chats: bool,
    /// The code (400) that refuses an effect or a reply in the first message of a chat. 1005 by default, as for a
    /// link there.
    pub first_message: ErrorCode,
    /// The code that refuses an edit that comes too late or is one too many. 2015 (409) by default.
    pub refused_edit: ErrorCode,
    /// The code that refuses to add, remove or leave in a direct chat. 2015 (409) by default; 2016 is thinkable.
    pub direct_chat_participants: ErrorCode,
    /// Typing in a group is refused (403, code 2011), as it was for some time. Off by default.
    pub refuse_group_typing: bool,
    /// How long after a location was asked for it can be asked for again in that chat. A minute by default: that
    /// there is a limit is known, not which.
    pub location_requests_wait: Duration,
    /// How long a new chat answers everything but its creation with 409, code 2009. Nothing by default: the service
    /// is known to do so, not when.
    pub chat_settles_after: Duration,
    /// Each attempt to deliver a webhook is signed with its own time. On by default: with the time of the first
    /// attempt, receivers would refuse the later ones as too old.
    pub fresh_timestamps: bool,
    /// A refused upload explains itself in XML, as S3 does. On by default; off, its body is empty.
    pub xml_upload_refusals: bool,
    /// WebP and SVG can be attached. On by default: the service lists both and says elsewhere that it refuses them
    /// (400, code 5004).
    pub take_webp_and_svg: bool,
    /// With what a second subscription of one `target_url` is refused, next to the code 2015: 409 by default.
    pub duplicate_target_status: StatusCode,
    /// Subscriptions may name event types that do not exist. Off by default: they are refused (400, code 1005).
    pub take_unknown_events: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            refuse_changed_replays: false,
            keys_count_per_path: false,
            keys_last: None,
            early_reactions: false,
            reuse_is_201: true,
            announce_opened_chats: true,
            first_message: ErrorCode::INVALID_PARAMETER,
            refused_edit: ErrorCode::CONFLICT,
            direct_chat_participants: ErrorCode::CONFLICT,
            refuse_group_typing: false,
            location_requests_wait: Duration::from_secs(60),
            chat_settles_after: Duration::ZERO,
            fresh_timestamps: true,
            xml_upload_refusals: true,
            take_webp_and_svg: true,
            duplicate_target_status: StatusCode::CONFLICT,
            take_unknown_events: false,
        }
    }
}

impl Rules {
    /// Sets [`refuse_changed_replays`](Self::refuse_changed_replays).
    #[must_use]
    pub fn refuse_changed_replays(mut self, refused: bool) -> Self {
        self.refuse_changed_replays = refused;
        self
    }

    /// Sets [`keys_count_per_path`](Self::keys_count_per_path).
    #[must_use]
    pub fn keys_count_per_path(mut self, per_path: bool) -> Self {
        self.keys_count_per_path = per_path;
        self
    }

    /// Sets [`keys_last`](Self::keys_last).
    #[must_use]
    pub fn keys_last(mut self, lasting: impl Into<Option<Duration>>) -> Self {
        self.keys_last = lasting.into();
        self
    }

    /// Sets [`early_reactions`](Self::early_reactions).
    #[must_use]
    pub fn early_reactions(mut self, taken: bool) -> Self {
        self.early_reactions = taken;
        self
    }

    /// Sets [`reuse_is_201`](Self::reuse_is_201).
    #[must_use]
    pub fn reuse_is_201(mut self, created: bool) -> Self {
        self.reuse_is_201 = created;
        self
    }

    /// Sets [`announce_opened_chats`](Self::announce_opened_chats).
    #[must_use]
    pub fn announce_opened_chats(mut self, announced: bool) -> Self {
        self.announce_opened_chats = announced;
        self
    }

    /// Sets [`first_message`](Self::first_message).
    #[must_use]
    pub fn first_message(mut self, code: ErrorCode) -> Self {
        self.first_message = code;
        self
    }

    /// Sets [`refused_edit`](Self::refused_edit).
    #[must_use]
    pub fn refused_edit(mut self, code: ErrorCode) -> Self {
        self.refused_edit = code;
        self
    }

    /// Sets [`direct_chat_participants`](Self::direct_chat_participants).
    #[must_use]
    pub fn direct_chat_participants(mut self, code: ErrorCode) -> Self {
        self.direct_chat_participants = code;
        self
    }

    /// Sets [`refuse_group_typing`](Self::refuse_group_typing).
    #[must_use]
    pub fn refuse_group_typing(mut self, refused: bool) -> Self {
        self.refuse_group_typing = refused;
        self
    }

    /// Sets [`location_requests_wait`](Self::location_requests_wait).
    #[must_use]
    pub fn location_requests_wait(mut self, wait: Duration) -> Self {
        self.location_requests_wait = wait;
        self
    }

    /// Sets [`chat_settles_after`](Self::chat_settles_after).
    #[must_use]
    pub fn chat_settles_after(mut self, settled: Duration) -> Self {
        self.chat_settles_after = settled;
        self
    }

    /// Sets [`fresh_timestamps`](Self::fresh_timestamps).
    #[must_use]
    pub fn fresh_timestamps(mut self, fresh: bool) -> Self {
        self.fresh_timestamps = fresh;
        self
    }

    /// Sets [`xml_upload_refusals`](Self::xml_upload_refusals).
    #[must_use]
    pub fn xml_upload_refusals(mut self, explained: bool) -> Self {
        self.xml_upload_refusals = explained;
        self
    }

    /// Sets [`take_webp_and_svg`](Self::take_webp_and_svg).
    #[must_use]
    pub fn take_webp_and_svg(mut self, taken: bool) -> Self {
        self.take_webp_and_svg = taken;
        self
    }

    /// Sets [`duplicate_target_status`](Self::duplicate_target_status).
    #[must_use]
    pub fn duplicate_target_status(mut self, status: StatusCode) -> Self {
        self.duplicate_target_status = status;
        self
    }

    /// Sets [`take_unknown_events`](Self::take_unknown_events).
    #[must_use]
    pub fn take_unknown_events(mut self, taken: bool) -> Self {
        self.take_unknown_events = taken;
        self
    }
}
