//! Lists that come in pages.

/// One page of a list: its items, and the cursor of the next page.
pub trait Page {
    /// What the list holds.
    type Item;

    /// The query parameter that takes the cursor.
    const CURSOR_PARAMETER: &'static str = "cursor";

    /// Takes the page apart into its items and the cursor of the next page. An absent or empty cursor means that this was
    /// the last page.
    ///
    /// `cursor` is the one that this page was requested with. Lists that are paged by number, whose cursor is the number
    /// of items to skip, count on from it.
    fn into_parts(self, cursor: Option<&str>) -> (Vec<Self::Item>, Option<String>);
}
