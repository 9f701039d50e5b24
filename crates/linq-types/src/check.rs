//! Validation of requests before they are sent.
//!
//! The client calls [`Check::check`] on every request body and on the handles in paths and queries, and sends nothing if a
//! [`Rule`] is violated. The rules are those that the vendor's documentation and SDKs agree on. Everything else, such as what
//! depends on the state of a chat, a line or an account, is left to the API.
//!
//! ```
//! # mod linq { pub(crate) use linq_types as types; }
//! use linq::types::{chats::NewChat, check::{Check, Rule}};
//!
//! let violation = NewChat::new("+12025550100", ["202-555-0199"], "Hello!").check().unwrap_err();
//! assert_eq!((violation.rule, violation.path.as_str()), (Rule::Handle, "to[0]"));
//! ```

use std::{error::Error, fmt};

use crate::Patch;

mod attachments;
mod handle;
mod key;
mod messages;
mod parts;

/// A request model that can be validated before it is sent.
pub trait Check {
    /// Validates the model and everything inside it.
    ///
    /// # Errors
    ///
    /// Returns an error if a rule is violated: the first such rule and its path.
    fn check(&self) -> Result<(), Violation>;
}

impl<T: Check> Check for Option<T> {
    fn check(&self) -> Result<(), Violation> {
        self.as_ref().map_or(Ok(()), T::check)
    }
}

impl<T: Check> Check for Vec<T> {
    fn check(&self) -> Result<(), Violation> {
        self.iter()
            .enumerate()
            .try_for_each(|(at, item)| item.check().map_err(|violation| violation.within(&format!("[{at}]"))))
    }
}

impl<T: Check> Check for Patch<T> {
    fn check(&self) -> Result<(), Violation> {
        match self {
            Self::Set(value) => value.check(),
            Self::Keep | Self::Clear => Ok(()),
        }
    }
}

/// Checks a field and prefixes the path of a violation with its name.
pub(crate) fn field(name: &str, value: &impl Check) -> Result<(), Violation> {
    value.check().map_err(|violation| violation.within(name))
}

/// Returns a violation of `rule` at `path` unless `holds` is true.
fn require(holds: bool, rule: Rule, path: &str) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(Violation::new(rule).within(path)) }
}

/// A violated rule and the path of the violation. It contains no text of the request and is safe to log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The violated rule.
    pub rule: Rule,
    /// The path in the JSON body, such as `message.parts[3].value`; `query.` or `path.` and the name for a parameter; empty for
    /// the checked model itself.
    pub path: String,
}

impl Violation {
    pub(crate) fn new(rule: Rule) -> Self {
        Self { rule, path: String::new() }
    }

    /// Prefixes the path with the name of the enclosing field, or with an index such as `[3]`.
    #[must_use]
    pub fn within(mut self, place: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{place}{dot}{}", self.path);
        self
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => self.rule.fmt(f),
            path => write!(f, "`{path}`: {}", self.rule),
        }
    }
}

impl Error for Violation {}

macro_rules! rules {
    ($($rule:ident: $text:literal,)+) => {
        /// A rule for requests. `Display` writes the requirement.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $(
                #[doc = concat!("Requires: ", $text, ".")]
                $rule,
            )+
        }

        impl Rule {
            /// All rules.
            pub const ALL: &[Self] = &[$(Self::$rule),+];

            fn text(self) -> &'static str {
                match self {
                    $(Self::$rule => $text,)+
                }
            }
        }
    };
}

rules! {
    Handle: "a handle must be a phone number in E.164 form, such as +12025550199, or an email address",
    PartsOrExperience: "a message must not have both parts and an experience",
    PartCount: "a message must have 1 to 100 parts",
    UrlMediaCount: "a message must have at most 40 media parts with a URL",
    OnlyPart: "a link, an app card or an App Clip must be the only part of a message",
    AdjacentTexts: "two text parts must not be adjacent; join them or put another part between them",
    TextLength: "a text must have 1 to 10,000 characters",
    LinkLength: "a link must have at most 2,048 characters",
    Range: "a range must be within the text, with its start before its end, and must not cut a surrogate pair such as that of an emoji",
    StyleOrAnimation: "a text decoration must have exactly one of style and animation",
    AnimationOverlap: "an animation must not overlap another text decoration or an inline sticker",
    UrlOrAttachment: "a file must have exactly one of url and attachment_id",
    IdempotencyKeyLength: "an idempotency key must have at most 255 characters",
    IdempotencyKeyCharacters: "an idempotency key of V2 must have only the characters a to z, A to Z, 0 to 9, - and _",
    FileSize: "a file must have 1 to 104,857,600 bytes (100 MiB)",
    FileName: "a file name must have 1 to 255 characters",
    FirstMessageLink: "the first message of a chat must not have a link, nor a URL in its text",
    FirstMessageEffect: "the first message of a chat must not have an effect",
    FirstMessageReply: "the first message of a chat must not be a reply",
    MediaType: "a media type must have the form type/subtype and must not be FLAC, Ogg or an executable, which the API rejects",
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_displays_the_path_and_the_requirement() {
        let violation = Violation::new(Rule::TextLength).within("value").within("[3]").within("parts");
        assert_eq!(violation.to_string(), "`parts[3].value`: a text must have 1 to 10,000 characters");
        assert_eq!(Violation::new(Rule::Range).to_string(), Rule::Range.to_string());
    }
}
