use std::{collections::BTreeMap, fmt, io};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

/// Writes indented JSON. What the old text has too is written as there: fields in its order, and numbers with its digits, which
/// can be more than those of a [`Value`].
pub(super) fn write(value: &Value, old: &[u8], to: impl io::Write) -> io::Result<()> {
    let old = serde_json::from_slice(old.strip_prefix("\u{feff}".as_bytes()).unwrap_or(old)).ok();
    serde_json::to_writer_pretty(to, &Rewritten { value, old }).map_err(io::Error::from)
}

struct Rewritten<'a> {
    value: &'a Value,
    old: Option<&'a RawValue>,
}

impl<'a> Rewritten<'a> {
    /// Returns the old text as another type, or an empty one if it is of another.
    fn old<T: Deserialize<'a> + Default>(&self) -> T {
        self.old.and_then(|old| serde_json::from_str(old.get()).ok()).unwrap_or_default()
    }
}

impl Serialize for Rewritten<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Object(fields) => {
                let Members(old) = self.old();
                let mut members: Vec<_> =
                    fields.iter().map(|(name, value)| (name, value, old.get(name))).collect();
                members.sort_by_key(|(.., old)| old.map_or(usize::MAX, |(position, _)| *position));
                let members = members.into_iter();
                serializer.collect_map(
                    members
                        .map(|(name, value, old)| (name, Rewritten { value, old: old.map(|(_, old)| *old) })),
                )
            }
            Value::Array(items) => {
                let old: Vec<&RawValue> = self.old();
                let items = items.iter().enumerate();
                serializer.collect_seq(
                    items.map(|(index, value)| Rewritten { value, old: old.get(index).copied() }),
                )
            }
            value => match self.old.filter(|_| self.old::<Value>() == *value) {
                Some(old) => old.serialize(serializer),
                None => value.serialize(serializer),
            },
        }
    }
}

/// The members of an object, with their positions. Of equal names, the last one counts.
#[derive(Default)]
struct Members<'a>(BTreeMap<String, (usize, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = BTreeMap::new();
        for position in 0.. {
            let Some((name, value)) = map.next_entry()? else { break };
            members.insert(name, (position, value));
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_is_written_with_the_order_and_the_numbers_of_the_old_text() {
        for (old, new, expected) in [
            ("", r#"{"b":1,"a":[]}"#, r#"{"a":[],"b":1}"#),
            ("\u{feff}{\"b\":1,\"a\":2}", r#"{"a":2,"b":1,"0":3}"#, r#"{"b":1,"a":2,"0":3}"#),
            (
                r#"{"z":123456789012345678901234567890,"a":{"y":0.10000000000000000001,"x":[1.50,1E2,-0]}}"#,
                r#"{"z":123456789012345678901234567890,"a":{"y":0.1,"x":[1.5,100.0,-0.0]}}"#,
                r#"{"z":123456789012345678901234567890,"a":{"y":0.10000000000000000001,"x":[1.50,1E2,-0]}}"#,
            ),
            (r#"{"b":1.0,"a":{"c":1}}"#, r#"{"a":[1],"b":2}"#, r#"{"b":2,"a":[1]}"#),
            (r#"{"a":1,"b":2,"a":3.0}"#, r#"{"a":3.0,"b":2}"#, r#"{"b":2,"a":3.0}"#),
            (r#"{"b":"\u0041","a":true,"c":null}"#, r#"{"a":true,"b":"A"}"#, r#"{"b":"\u0041","a":true}"#),
            (r#"{"b":{},"a":[{"d":1,"c":2}]}"#, r#"{"a":[{"c":2}],"b":{}}"#, r#"{"b":{},"a":[{"c":2}]}"#),
        ] {
            let mut written = Vec::new();
            write(&serde_json::from_str(new).unwrap(), old.as_bytes(), &mut written).unwrap();
            let written = String::from_utf8(written).unwrap();
            assert_eq!(written.replace(['\n', ' '], ""), expected, "{old}");
        }
    }
}
