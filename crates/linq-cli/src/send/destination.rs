use linq::types::{ChatId, Handle};

use super::invalid;
use crate::{failure::Failure, recipient::parse_recipient};

/// Where a message goes.
#[derive(Debug, PartialEq)]
pub(super) enum Destination {
    Chat(ChatId),
    People { from: Handle, to: Vec<Handle> },
}

impl Destination {
    /// Reads the id of a chat, or handles with commas between them, which need a line to send `from`.
    pub(super) fn parse(text: &str, from: impl FnOnce() -> Result<Handle, Failure>) -> Result<Self, Failure> {
        let text = text.trim();
        if is_uuid(text) {
            return Ok(Self::Chat(text.into()));
        }
        let to = text.split(',').map(|text| parse_recipient(text).map_err(invalid));
        let to = to.collect::<Result<_, _>>()?;
        Ok(Self::People { from: from()?, to })
    }
}

/// Returns `true` for the form of the ids of chats.
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Destination, Failure> {
        Destination::parse(text, || Ok("+12025550100".into()))
    }

    #[test]
    fn a_destination_is_a_chat_or_people() {
        let chat = "550e8400-e29b-41d4-a716-446655440000";
        assert_eq!(parse(chat).unwrap(), Destination::Chat(chat.into()));
        for (text, people) in [
            ("+12025550199", vec!["+12025550199"]),
            (" +12025550199, casey@example.com ", vec!["+12025550199", "casey@example.com"]),
        ] {
            let to = people.into_iter().map(Handle::from).collect();
            assert_eq!(parse(text).unwrap(), Destination::People { from: "+12025550100".into(), to });
        }
    }
}
