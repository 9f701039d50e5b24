//! Lists and maps in responses and events: null and absent read as empty.
//!
//! Such a field carries `#[serde(default, deserialize_with = "...")]` with one of these functions. Where the API leaves the
//! field out if there is nothing to list, it also carries `skip_serializing_if = "Vec::is_empty"`.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

/// Reads the parts of a message, the items of a page and whether there is another page, or a list whose order has a meaning:
/// a value of another type, or an element that cannot be read, is an error.
pub(crate) fn identifying<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Default,
    D: Deserializer<'de>,
{
    /// Unlike an `Option`, not absent if it cannot be read.
    #[derive(Deserialize)]
    struct Identifying<T>(Option<T>);

    Identifying::deserialize(deserializer).map(|Identifying(value)| value.unwrap_or_default())
}

/// Reads any other list: a value of another type is empty, and an element that cannot be read is left out.
pub(crate) fn or_empty<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let list: Option<Vec<Option<T>>> = Deserialize::deserialize(deserializer)?;
    Ok(list.into_iter().flatten().flatten().collect())
}

/// Reads a map like [`or_empty`].
pub(crate) fn map_or_empty<'de, T, D>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let map: Option<BTreeMap<String, Option<T>>> = Deserialize::deserialize(deserializer)?;
    Ok(map.into_iter().flatten().filter_map(|(name, value)| Some((name, value?))).collect())
}
