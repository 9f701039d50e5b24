use std::time::Duration;

use http::StatusCode;
use linq_types::error::ErrorCode;

pub use self::value::InvalidAssumption;
use self::value::Value;

mod value;

/// Declares [`Assumptions`], its defaults and its setters.
macro_rules! assumptions {
    ($($(#[$doc:meta])+ $name:ident: $type:ty = $default:expr;)+) => {
        /// What the sandbox assumes where the behavior of the API is not documented.
        ///
        /// The defaults are the likeliest guesses. Change one where you know better, or to check that your program
        /// also works under the other assumption.
        ///
        /// ```
        /// # mod linq { pub(crate) use linq_sandbox as sandbox; }
        /// # #[tokio::main(flavor = "current_thread")]
        /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
        /// use linq::sandbox::{Assumptions, Sandbox};
        ///
        /// let assumptions = Assumptions::default().reject_changed_replays(true);
        /// let sandbox = Sandbox::builder().assumptions(assumptions).start().await?;
        /// # Ok(())
        /// # }
        /// ```
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub struct Assumptions {
            $($(#[$doc])+ pub $name: $type,)+
        }

        impl Default for Assumptions {
            fn default() -> Self {
                Self { $($name: $default),+ }
            }
        }

        impl Assumptions {
            /// The names of all assumptions, which are those of the fields.
            pub const NAMES: &[&str] = &[$(stringify!($name)),+];

            /// Sets the assumption with this name from text, as `linq sandbox --rule NAME=VALUE` does: `true` or `false`, a
            /// duration such as `30s`, a number, a status code, an error code, or `none`.
            ///
            /// # Errors
            ///
            /// Returns an error if there is no such name, or if the value is not one that it can have.
            ///
            /// ```
            /// # mod linq { pub(crate) use linq_sandbox as sandbox; }
            /// use std::time::Duration;
            ///
            /// use linq::sandbox::Assumptions;
            ///
            /// let assumptions = Assumptions::default().set("chat_ready_delay", "1.5s")?;
            /// assert_eq!(assumptions.chat_ready_delay, Duration::from_millis(1_500));
            /// # Ok::<(), linq_sandbox::InvalidAssumption>(())
            /// ```
            pub fn set(mut self, name: &str, value: &str) -> Result<Self, InvalidAssumption> {
                match name {
                    $(stringify!($name) => match Value::parse(value) {
                        Some(value) => self.$name = value,
                        None => return Err(InvalidAssumption::value(stringify!($name), &self.$name)),
                    },)+
                    _ => return Err(InvalidAssumption::name(Self::NAMES)),
                }
                Ok(self)
            }

            $(
                #[doc = concat!("Sets [`", stringify!($name), "`](Self#structfield.", stringify!($name), ").")]
                #[must_use]
                pub fn $name(mut self, $name: $type) -> Self {
                    self.$name = $name;
                    self
                }
            )+
        }
    };
}

assumptions! {
    /// Rejects an idempotency key that comes again with a different request (409,
    /// [`CONFLICT`](ErrorCode::CONFLICT)), instead of repeating the first response. Off by default: the API is not
    /// known to compare bodies.
    reject_changed_replays: bool = false;
    /// Scopes idempotency keys to the path of the request, instead of to the whole account. Off by default: the API is
    /// not known to tell paths apart.
    idempotency_keys_per_path: bool = false;
    /// How long an idempotency key is remembered. `None`, the default, means forever: no expiry is documented.
    idempotency_key_ttl: Option<Duration> = None;
    /// Accepts reactions to messages that are not sent yet. Off by default: the API has been seen to reject them (500,
    /// [`OPERATION_FAILED`](ErrorCode::OPERATION_FAILED)).
    accept_early_reactions: bool = false;
    /// Responds with 201 to the creation of a chat that exists, as to that of a new one. On by default; 200 when off.
    reuse_returns_201: bool = true;
    /// How many chats a line may open in a day, from midnight, UTC, before it is rejected (429,
    /// [`RATE_LIMITED`](ErrorCode::RATE_LIMITED)). `None`, the default, means no limit: the API advises about 50, and is not
    /// known to enforce it.
    new_chats_per_day: Option<u32> = None;
    /// Publishes `chat.created` for chats that your lines open, as for those that people open. On by default.
    announce_opened_chats: bool = true;
    /// The code (400) that rejects an effect or a reply in the first message of a chat.
    /// [`INVALID_PARAMETER`](ErrorCode::INVALID_PARAMETER) by default, as for a link there.
    first_message_code: ErrorCode = ErrorCode::INVALID_PARAMETER;
    /// The code that rejects an edit that is too late or one too many. [`CONFLICT`](ErrorCode::CONFLICT) (409) by
    /// default.
    edit_rejection_code: ErrorCode = ErrorCode::CONFLICT;
    /// The code that rejects adding, removing and leaving in a direct chat. [`CONFLICT`](ErrorCode::CONFLICT) (409) by
    /// default; [`DIRECT_CHAT`](ErrorCode::DIRECT_CHAT) is possible too.
    direct_chat_participants_code: ErrorCode = ErrorCode::CONFLICT;
    /// Rejects typing indicators in groups (403, [`FEATURE_NOT_ENABLED`](ErrorCode::FEATURE_NOT_ENABLED)), as the API
    /// did for some time. Off by default.
    reject_group_typing: bool = false;
    /// The minimum time between two location requests in a chat. One minute by default: that there is a limit is
    /// documented, but not its value.
    location_request_interval: Duration = Duration::from_secs(60);
    /// How long requests about a new chat are rejected with 409, [`CHAT_NOT_READY`](ErrorCode::CHAT_NOT_READY). Zero by
    /// default: the API is known to do so, but not when.
    chat_ready_delay: Duration = Duration::ZERO;
    /// Signs each attempt to deliver a webhook with its own time. On by default: with the time of the first attempt,
    /// receivers would reject the later ones as too old.
    fresh_timestamps: bool = true;
    /// Explains a rejected upload in XML, as S3 does. On by default; when off, the body is empty.
    xml_upload_errors: bool = true;
    /// How long the `download_url` of an attachment is valid. One hour by default, as the URLs in messages, whose hour is
    /// documented; of this one the API says both that it expires and that it does not. `None` means forever.
    download_url_ttl: Option<Duration> = Some(Duration::from_secs(60 * 60));
    /// Accepts WebP and SVG as attachments. On by default: the API lists both, and elsewhere says that it rejects them
    /// (400, [`MEDIA_TYPE_NOT_ALLOWED`](ErrorCode::MEDIA_TYPE_NOT_ALLOWED)).
    accept_webp_and_svg: bool = true;
    /// The status code that rejects a second subscription of the same `target_url`, with the code
    /// [`CONFLICT`](ErrorCode::CONFLICT). 409 by default.
    duplicate_target_status: StatusCode = StatusCode::CONFLICT;
    /// Accepts subscriptions to event types that do not exist. Off by default: they are rejected (400,
    /// [`INVALID_PARAMETER`](ErrorCode::INVALID_PARAMETER)).
    accept_unknown_event_types: bool = false;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_assumption_is_set_by_its_name() {
        for name in Assumptions::NAMES {
            let set = |value| Assumptions::default().set(name, value);
            let changed = ["true", "false", "none", "45s", "1005", "422"]
                .into_iter()
                .filter_map(|value| set(value).ok())
                .any(|assumptions| assumptions != Assumptions::default());
            assert!(changed, "{name}");
            for bad in ["", "x", "yes", "None", " true", "-1", "-1s", "99999999999"] {
                let error = set(bad).unwrap_err().to_string();
                assert!(error.starts_with(&format!("invalid value for {name}: expected ")), "{error}");
            }
        }
    }

    #[test]
    fn an_unknown_name_is_an_error_that_lists_the_names_and_not_the_text() {
        let error = Assumptions::default().set("gravity", "hunter2").unwrap_err().to_string();
        assert!(error.starts_with("unknown name; expected one of reject_changed_replays, "), "{error}");
        assert!(!error.contains("gravity") && !error.contains("hunter2"), "{error}");
    }

    #[test]
    fn values_have_their_types() {
        let assumptions = [
            ("idempotency_key_ttl", "1d"),
            ("new_chats_per_day", "50"),
            ("download_url_ttl", "none"),
            ("edit_rejection_code", "1005"),
            ("duplicate_target_status", "422"),
            ("location_request_interval", "0.5s"),
        ]
        .into_iter()
        .try_fold(Assumptions::default(), |assumptions, (name, value)| assumptions.set(name, value));
        let expected = Assumptions::default()
            .idempotency_key_ttl(Some(Duration::from_secs(86_400)))
            .new_chats_per_day(Some(50))
            .download_url_ttl(None)
            .edit_rejection_code(ErrorCode::INVALID_PARAMETER)
            .duplicate_target_status(StatusCode::UNPROCESSABLE_ENTITY)
            .location_request_interval(Duration::from_millis(500));
        assert_eq!(assumptions, Ok(expected));
    }
}
