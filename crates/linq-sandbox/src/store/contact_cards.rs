use linq_types::Handle;

use super::Store;

impl Store {
    /// The line whose card people can be shown.
    pub(super) fn active_contact_card(&self, line: &Handle) -> Option<&Handle> {
        self.active_cards.get(line)
    }
}
