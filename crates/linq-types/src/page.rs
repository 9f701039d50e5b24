//! Paged lists.

/// A page of a list: its items and the cursor of the next page.
pub trait Page {
    /// The type of the items.
    type Item;

    /// The query parameter that takes the cursor.
    const CURSOR_PARAMETER: &'static str = "cursor";

    /// Splits the page into its items and the cursor of the next page. The last page has no cursor or an empty one.
    ///
    /// `cursor` is the one that this page was requested with. Lists whose cursor is the number of items to skip add the
    /// number of their items to it.
    fn into_parts(self, cursor: Option<&str>) -> (Vec<Self::Item>, Option<String>);
}
