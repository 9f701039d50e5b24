use serde::{Deserialize, Serialize};

/// A position in a list: the page that it is on, and how many of its items come before it.
///
/// [`Items::cursor`](crate::Items::cursor) returns it, and [`List::cursor`](crate::List::cursor) goes on from it. Store it, for
/// example as JSON, to resume an export that was interrupted. The `next_cursor` of a page converts into it.
///
/// ```
/// # use linq_core as linq;
/// use linq::ListCursor;
///
/// let next_page = ListCursor::from("20");
/// assert_eq!(serde_json::to_string(&next_page)?, r#"{"page":"20"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct ListCursor {
    /// The cursor that the API knows; `None` for the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) page: Option<String>,
    /// The number of items of the page, and of those after it, that come before the position.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) taken: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(taken: &usize) -> bool {
    *taken == 0
}

impl From<String> for ListCursor {
    fn from(page: String) -> Self {
        Self { page: Some(page).filter(|page| !page.is_empty()), taken: 0 }
    }
}

impl From<&str> for ListCursor {
    fn from(page: &str) -> Self {
        page.to_owned().into()
    }
}

impl From<&String> for ListCursor {
    fn from(page: &String) -> Self {
        page.as_str().into()
    }
}

impl From<&Self> for ListCursor {
    fn from(cursor: &Self) -> Self {
        cursor.clone()
    }
}
