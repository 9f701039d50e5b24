//! Values that have other forms when the service writes them.

use serde::{Deserializer, de::Visitor};

use super::reader::LENIENT;

/// Reads a value of any type. `visit_newtype_struct` is called instead, and takes only the expected form, unless the
/// deserializer is a lenient [`Reader`](super::Reader).
#[inline]
pub(crate) fn leniently<'de, V: Visitor<'de>, D: Deserializer<'de>>(
    deserializer: D,
    visitor: V,
) -> Result<V::Value, D::Error> {
    deserializer.deserialize_newtype_struct(LENIENT, visitor)
}
