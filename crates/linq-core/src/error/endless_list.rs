use std::{error::Error as StdError, fmt};

/// Why a list would never end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndlessList {
    Cycle,
    /// There were this many in a row.
    EmptyPages(u32),
}

impl fmt::Display for EndlessList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cycle => f.write_str("the cursors of the list form a cycle, so it would never end"),
            Self::EmptyPages(pages) => {
                write!(f, "{pages} pages of the list in a row are empty, so it may never end")
            }
        }
    }
}

impl StdError for EndlessList {}
