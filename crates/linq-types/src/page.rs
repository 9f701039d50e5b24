//! Paged lists.

/// A page of a list: its items and the cursor of the next page.
pub trait Page {
    /// The type of the items.
    type Item;

    /// Splits the page into its items and the cursor of the next page. The last page has no cursor or an empty one.
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>);
}
