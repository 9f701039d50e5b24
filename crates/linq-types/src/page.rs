//! Lists that come in pages.

/// One page of a list: its items, and the cursor that asks for the page after it.
pub trait Page {
    /// What the list holds.
    type Item;

    /// Takes the page apart. An absent or empty cursor means that this was the last page.
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>);
}
