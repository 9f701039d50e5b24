//! Lists and maps in responses and events: null and absent read as empty.
//!
//! Such a field carries `#[serde(default, deserialize_with = "...")]` with one of these functions. Where the API leaves the
//! field out if there is nothing to list, it also carries `skip_serializing_if = "Vec::is_empty"`.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};

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
    deserializer.deserialize_option(OrEmpty(PhantomData))
}

/// Does not collect the elements that cannot be read, to remove them later.
struct OrEmpty<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OrEmpty<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_none<E>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    #[inline]
    fn visit_some<D: Deserializer<'de>>(self, list: D) -> Result<Vec<T>, D::Error> {
        list.deserialize_seq(self)
    }

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element::<Option<T>>()? {
            if let Some(element) = element {
                list.push(element);
            }
        }
        Ok(list)
    }
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
