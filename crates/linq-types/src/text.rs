//! Long and formatted text: splitting it, converting Markdown, and plain text of received parts.
//!
//! A text part has at most [`MAX_CHARS`] characters, which are Unicode scalar values. [`Splitter`] splits a longer text
//! into several messages, or any text into bubbles of a given size:
//!
//! ```
//! # mod linq { pub(crate) use linq_types as types; }
//! use linq::types::text::Splitter;
//!
//! let reply = "Yes, we are open until 8 tonight. Bring a friend!\n\nThe menu: https://example.com/menu";
//! let bubbles = Splitter::new().max_chars(40).split(reply);
//! assert_eq!(bubbles, ["Yes, we are open until 8 tonight.", "Bring a friend!", "The menu: https://example.com/menu"]);
//! ```
#![cfg_attr(
    feature = "markdown",
    doc = "
[`Markdown`] converts what a language model writes into messages:

```
# mod linq { pub(crate) use linq_types as types; }
use linq::types::{parts::{TextPart, TextStyle}, text::Markdown};

let messages = Markdown::new().messages(\"Dinner is **at 8** 🎉\");
let text = TextPart::new(\"Dinner is at 8 🎉\").style_substring(\"at 8\", TextStyle::Bold);
assert_eq!(messages, [text.into()]);
```"
)]

mod links;
#[cfg(feature = "markdown")]
mod markdown;
mod plain;
mod split;

#[cfg(feature = "markdown")]
pub use markdown::{Links, Markdown};
pub use plain::{PlainText, plain_text};
pub use split::{MAX_CHARS, Splitter};
