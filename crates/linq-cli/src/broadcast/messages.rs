use std::{
    collections::{HashMap, hash_map::Entry},
    path::Path,
};

use linq::types::{Handle, chats::NewChat, check::Check as _, messages::MessageContent};

use super::{
    rows::{Invalid, Row, Rows},
    template::Template,
};
use crate::recipient::parse_recipient;

/// The message of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Message {
    pub(super) line: u64,
    pub(super) to: Handle,
    pub(super) text: String,
    /// Whether the text has a link, so that the API refuses it as the first message of a chat.
    pub(super) has_link: bool,
}

/// The messages of a file, each checked as far as that is possible before it is sent.
pub(super) struct Messages<'a> {
    rows: Rows,
    template: Option<&'a Template>,
    from: &'a Handle,
    /// The recipients so far, and their lines.
    seen: HashMap<String, u64>,
}

impl<'a> Messages<'a> {
    pub(super) fn open(
        path: &Path,
        template: Option<&'a Template>,
        from: &'a Handle,
    ) -> Result<Self, Invalid> {
        Ok(Self { rows: Rows::open(path)?, template, from, seen: HashMap::new() })
    }

    /// Returns the hash of the part of the file that was read.
    pub(super) fn digest(&self) -> String {
        self.rows.digest()
    }

    fn message(&mut self, Row { line, values }: &Row) -> Result<Message, String> {
        let to = parse_recipient(values.get("to").ok_or("missing column `to`")?)?;
        match self.seen.entry(to.as_str().to_lowercase()) {
            Entry::Occupied(first) => {
                return Err(format!("duplicate recipient: also in line {}", first.get()));
            }
            Entry::Vacant(first) => drop(first.insert(*line)),
        }
        let text = match self.template {
            Some(template) => template.render(values).map_err(|name| format!("missing column `{name}`"))?,
            None => values.get("text").ok_or("missing column `text`; or pass --text")?.clone(),
        };
        if text.trim().is_empty() {
            return Err("empty text".to_owned());
        }
        if text.contains('\0') {
            return Err("invalid text: it has a NUL character".to_owned());
        }
        let checked = NewChat::new(self.from, [&to], &*text).check();
        checked.map_err(|violation| format!("invalid message: {}", violation.rule))?;
        let has_link = MessageContent::from(&*text).check_first().is_err();
        Ok(Message { line: *line, to, text, has_link })
    }
}

impl Iterator for Messages<'_> {
    type Item = Result<Message, Invalid>;

    fn next(&mut self) -> Option<Self::Item> {
        let message = self.rows.next()?;
        Some(message.and_then(|row| self.message(&row).map_err(|reason| Invalid::new(row.line, reason))))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn every_row_is_checked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("people");
        let long = "a".repeat(10_001);
        let lines = [
            "to,text",
            "+12025550101,Hello",
            "202 555 0102,Hello",
            "+12025550101,again",
            "casey@example.com, ",
            "CASEY@example.com,Hello",
            &format!("+12025550103,{long}"),
            "+12025550104,a\0b",
            "+12025550105,see https://example.com/",
            "+12025550106,😀",
        ];
        fs::write(&path, lines.join("\n")).unwrap();
        let from = Handle::from("+12025550100");
        let mut messages = Messages::open(&path, None, &from).unwrap();
        let shown: Vec<_> = messages
            .by_ref()
            .map(|message| match message {
                Ok(Message { line, to, text, has_link }) => format!("{line} {to} {text} {has_link}"),
                Err(Invalid { line, reason }) => format!("{line} {reason}"),
            })
            .collect();
        assert_eq!(
            shown,
            [
                "2 +12025550101 Hello false",
                "3 invalid recipient: a phone number must be in E.164 form; if it is in the US or Canada: +12025550102",
                "4 duplicate recipient: also in line 2",
                "5 empty text",
                "6 duplicate recipient: also in line 5",
                "7 invalid message: a text must have 1 to 10,000 characters",
                "8 invalid text: it has a NUL character",
                "9 +12025550105 see https://example.com/ true",
                "10 +12025550106 😀 false",
            ]
        );
        let template = Template::parse("{to}{name}").unwrap();
        let mut messages = Messages::open(&path, Some(&template), &from).unwrap();
        assert_eq!(messages.next(), Some(Err(Invalid::new(2, "missing column `name`"))));
    }
}
