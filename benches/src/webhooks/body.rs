use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use bytes::Bytes;
use clap::ValueEnum;
use serde_json::value::RawValue;

/// 1,848 bytes: a message with one text part, in which every field is given.
const SMALL: &str = include_str!("small.json");
/// 58,681 bytes: the same with 100 such parts, with emoji and escapes.
const BIG: &str = include_str!("big.json");

/// How a text part begins and ends in these bodies.
const PART: (&str, &str) = (r#"{"type":"text","value""#, r#""style":"bold"}]}"#);
/// The same part with its type last.
const PART_WITH_TYPE_LAST: (&str, &str) = (r#"{"value""#, r#""style":"bold"}],"type":"text"}"#);

/// What a delivery carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Body {
    /// The keys of the envelope stand in the order of the alphabet, as the service writes them: the type after the payload.
    Small,
    SmallTypeFirst,
    SmallTypeAmidst,
    /// The types of the parts stand last as well.
    SmallTypesLast,
    Big,
    BigTypeFirst,
    BigTypesLast,
}

impl Body {
    /// The same event in several orders of keys.
    pub(crate) const ORDERS: [&[Self]; 2] = [
        &[Self::SmallTypeFirst, Self::Small, Self::SmallTypeAmidst, Self::SmallTypesLast],
        &[Self::BigTypeFirst, Self::Big, Self::BigTypesLast],
    ];

    /// Returns the body of the delivery.
    ///
    /// # Errors
    ///
    /// Returns an error if the files do not have the expected JSON.
    pub fn bytes(self) -> Result<Bytes> {
        let first = ["event_type", "webhook_version", "api_version", "data"];
        let amidst = ["webhook_version", "data", "event_type", "api_version"];
        let last = ["data", "api_version", "webhook_version"];
        Ok(match self {
            Self::Small => Bytes::from(SMALL),
            Self::Big => Bytes::from(BIG),
            Self::SmallTypeFirst => in_order(SMALL, &first)?,
            Self::BigTypeFirst => in_order(BIG, &first)?,
            Self::SmallTypeAmidst => in_order(SMALL, &amidst)?,
            Self::SmallTypesLast => in_order(&with_part_types_last(SMALL)?, &last)?,
            Self::BigTypesLast => in_order(&with_part_types_last(BIG)?, &last)?,
        })
    }
}

/// The event with these keys first. Of the others `event_type` comes last.
fn in_order(event: &str, first: &[&str]) -> Result<Bytes> {
    let mut fields: BTreeMap<String, &RawValue> = serde_json::from_str(event)?;
    let mut ordered = Vec::new();
    for key in first {
        ordered.extend(fields.remove_entry(*key));
    }
    let event_type = fields.remove_entry("event_type");
    ordered.extend(fields);
    ordered.extend(event_type);
    let fields: Vec<_> = ordered.iter().map(|(key, value)| format!(r#""{key}":{value}"#)).collect();
    Ok(format!("{{{}}}", fields.join(",")).into())
}

fn with_part_types_last(event: &str) -> Result<String> {
    let moved = event.replace(PART.0, PART_WITH_TYPE_LAST.0).replace(PART.1, PART_WITH_TYPE_LAST.1);
    ensure!(moved.len() == event.len() && moved != event, "the parts are written in another way");
    Ok(moved)
}
