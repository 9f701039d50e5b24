//! Lists and maps in responses and events: null and absent read as empty.
//!
//! Such a field carries `#[serde(default, deserialize_with = "crate::list::or_empty")]`. Where the API leaves the field
//! out if there is nothing to list, it also carries `skip_serializing_if = "Vec::is_empty"`.

use serde::{Deserialize, Deserializer};

/// Reads a list or a map; null reads as empty.
pub(crate) fn or_empty<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Default,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
