//! What can be checked of a request before it is sent.
//!
//! The client checks every body that has rules and sends nothing when one is broken; so can you, with
//! [`Check::check`]. Only rules that all sources agree on are here. What they disagree about, and what depends on
//! the state of a chat, a line or an account, the service decides.
//!
//! ```
//! use linq_types::{chats::NewChat, check::{Check, Rule}};
//!
//! let violation = NewChat::new("+12025550100", ["202-555-0199"], "Hello!").check().unwrap_err();
//! assert_eq!((violation.rule, violation.path.as_str()), (Rule::Handle, "to[0]"));
//! ```

use std::{error::Error, fmt};

mod attachments;
mod handle;
mod key;
mod messages;
mod parts;

/// Something with rules that can be checked before it is sent.
pub trait Check {
    /// Checks all rules, those of what is inside included.
    ///
    /// # Errors
    ///
    /// The first rule that is broken, and where.
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

pub(crate) fn field(name: &str, value: &impl Check) -> Result<(), Violation> {
    value.check().map_err(|violation| violation.within(name))
}

/// Breaks `rule` at `path` unless it `holds`.
fn require(holds: bool, rule: Rule, path: &str) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(Violation::new(rule).within(path)) }
}

/// A rule that a request breaks, and where. It quotes nothing of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The rule.
    pub rule: Rule,
    /// Where in the JSON body, such as `message.parts[3].value`.
    pub path: String,
}

impl Violation {
    fn new(rule: Rule) -> Self {
        Self { rule, path: String::new() }
    }

    /// The same violation, seen from what has the checked thing in this field, or at this index (`[3]`).
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
        /// The rules that are checked. `Display` says what each demands.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $(
                #[doc = concat!("Rule: ", $text, ".")]
                $rule,
            )+
        }

        impl Rule {
            /// All of them.
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
    Handle: "a handle must be a number in E.164 form, such as +12025550199, or an email address",
    PartsOrExperience: "a message has either parts or an experience, not both",
    PartCount: "a message must have 1 to 100 parts",
    UrlMediaCount: "a message must have at most 40 media parts with a URL",
    StandsAlone: "a link, an app card and an App Clip must each be the only part of a message",
    NeighbouringTexts: "two text parts must not be neighbours",
    TextLength: "a text must have 1 to 10,000 characters",
    LinkLength: "a link must have at most 2,048 characters",
    Range: "a range must lie within the text and its start before its end",
    StyleOrAnimation: "a decoration must have exactly one of style and animation",
    AnimationOverlap: "an animation must overlap no other decoration and no sticker",
    UrlOrAttachment: "exactly one of a URL and an attachment id must be given",
    IdempotencyKeyLength: "an idempotency key must have at most 255 characters",
    FileSize: "a file must have 1 to 104,857,600 bytes (100 MB)",
    FileName: "a file's name must have 1 to 255 characters",
    MediaType: "a file's media type must be one, and not FLAC, Ogg or a program, which the service refuses",
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
    fn a_violation_says_where_and_what_but_nothing_of_the_request() {
        let violation = Violation::new(Rule::TextLength).within("value").within("[3]").within("parts");
        assert_eq!(violation.to_string(), "`parts[3].value`: a text must have 1 to 10,000 characters");
        assert_eq!(Violation::new(Rule::Range).to_string(), Rule::Range.to_string());
    }
}
