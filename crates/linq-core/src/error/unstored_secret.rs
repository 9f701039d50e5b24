use std::{error::Error as StdError, fmt};

/// The error of a callback that stores a signing secret.
#[derive(Debug)]
pub(crate) struct UnstoredSecret(pub(crate) Box<dyn StdError + Send + Sync>);

impl fmt::Display for UnstoredSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("signing secret of the new webhook subscription could not be stored")
    }
}

impl StdError for UnstoredSecret {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.0)
    }
}
