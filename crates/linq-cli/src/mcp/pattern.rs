use std::str::FromStr;

use linq::types::Operation;

/// A pattern of ids of operations, in which `*` stands for any text.
#[derive(Debug, Clone)]
pub(super) struct Pattern(String);

impl Pattern {
    pub(super) fn matches(&self, operation: Operation) -> bool {
        let id = operation.id();
        let mut pieces = self.0.split('*');
        let first = pieces.next().unwrap_or_default();
        let Some(rest) = id.strip_prefix(first) else { return false };
        let Some(last) = pieces.next_back() else { return rest.is_empty() };
        let rest = pieces.try_fold(rest, |rest, piece| Some(&rest[rest.find(piece)? + piece.len()..]));
        rest.is_some_and(|rest| rest.ends_with(last))
    }
}

impl FromStr for Pattern {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let pattern = Self(text.to_owned());
        let is_known = Operation::ALL.iter().any(|operation| pattern.matches(*operation));
        is_known.then_some(pattern).ok_or("matches no operation; `linq call --list` prints all ids")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text_and_the_rest_for_itself() {
        for (pattern, matched) in [
            ("chats.messages.send", true),
            ("chats.*", true),
            ("*", true),
            ("*.send", true),
            ("chats*send", true),
            ("c*mess*s*d", true),
            ("chats.messages.send*", true),
            ("chats.messages", false),
            ("messages.*", false),
            ("*.list", false),
            ("chats.messages.send*d", false),
            ("chats.*.*.*", false),
            ("", false),
        ] {
            let found = Pattern(pattern.to_owned()).matches(Operation::ChatsMessagesSend);
            assert_eq!(found, matched, "{pattern}");
        }
    }

    #[test]
    fn a_pattern_without_operations_is_refused() {
        assert!("chat.*".parse::<Pattern>().is_err());
        assert!("chats.*".parse::<Pattern>().is_ok());
    }
}
