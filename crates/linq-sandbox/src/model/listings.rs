use std::collections::HashMap;

use linq_types::{ChatId, Handle};

/// The lists of chats by filter: all of them, those of a line, those with a person, and those of a
/// line with a person. Each is in the order in which the chats were opened.
#[derive(Debug, Default)]
pub(crate) struct Listings(HashMap<(Option<Handle>, Option<Handle>), Vec<ChatId>>);

impl Listings {
    pub(crate) fn insert<'a>(
        &mut self,
        id: &ChatId,
        line: &Handle,
        people: impl IntoIterator<Item = &'a Handle>,
    ) {
        self.push(None, None, id);
        self.push(Some(line), None, id);
        for person in people {
            self.insert_person(id, line, person);
        }
    }

    /// Adds a person to a chat that is already listed.
    pub(crate) fn insert_person(&mut self, id: &ChatId, line: &Handle, person: &Handle) {
        self.push(None, Some(person), id);
        self.push(Some(line), Some(person), id);
    }

    fn push(&mut self, line: Option<&Handle>, person: Option<&Handle>, id: &ChatId) {
        self.0.entry((line.cloned(), person.cloned())).or_default().push(id.clone());
    }

    /// Returns the chats, oldest first.
    pub(crate) fn get(&self, line: Option<&Handle>, person: Option<&Handle>) -> &[ChatId] {
        self.0.get(&(line.cloned(), person.cloned())).map_or(&[], Vec::as_slice)
    }
}
