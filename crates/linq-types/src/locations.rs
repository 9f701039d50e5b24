//! Shared locations: `/v3/chats/{chatId}/location`. Coordinates are GeoJSON (RFC 7946).

use serde::{Deserialize, Serialize};

use crate::{Handle, Timestamp};

/// Where the people are who share their location in a chat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatLocationRetrieveResponse {
    /// Whether the request succeeded.
    pub success: bool,
    /// The locations; none when nobody shares, or none is known yet.
    pub data: FeatureCollection,
}

/// Locations, one for each person who shares theirs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FeatureCollection {
    /// [`FeatureCollection`](GeoJsonType::FeatureCollection).
    #[serde(rename = "type")]
    pub kind: GeoJsonType,
    /// The locations.
    pub features: Vec<Feature>,
}

/// One person's location.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Feature {
    /// [`Feature`](GeoJsonType::Feature).
    #[serde(rename = "type")]
    pub kind: GeoJsonType,
    /// Where it is.
    pub geometry: Geometry,
    /// Whose it is, and what else is known.
    pub properties: FeatureProperties,
}

/// A place on the earth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Geometry {
    /// [`Point`](GeoJsonType::Point).
    #[serde(rename = "type")]
    pub kind: GeoJsonType,
    /// Longitude first, then latitude, both in degrees, and the altitude in metres if it is known.
    pub coordinates: Vec<f64>,
}

impl Geometry {
    /// Degrees east of Greenwich, -180 to 180.
    #[must_use]
    pub fn longitude(&self) -> Option<f64> {
        self.coordinates.first().copied()
    }

    /// Degrees north of the equator, -90 to 90.
    #[must_use]
    pub fn latitude(&self) -> Option<f64> {
        self.coordinates.get(1).copied()
    }

    /// Metres above the ellipsoid that GPS measures from, if known.
    #[must_use]
    pub fn altitude(&self) -> Option<f64> {
        self.coordinates.get(2).copied()
    }
}

/// What is known of a location besides its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FeatureProperties {
    /// Who shares the location.
    pub handle: Handle,
    /// The postal address there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// When the person was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

open_enum! {
    /// What a GeoJSON object is.
    pub enum GeoJsonType {
        /// Several features.
        FeatureCollection = "FeatureCollection",
        /// A place and its properties.
        Feature = "Feature",
        /// A single place.
        Point = "Point",
    }
}

/// The answer to asking for a location, or to ending the sharing of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatLocationRequestResponse {
    /// Whether the request was taken up.
    pub success: bool,
    /// A sentence for people.
    pub message: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longitude_stands_before_latitude_and_the_altitude_may_be_absent() {
        for (coordinates, altitude) in
            [("[-122.2711, 37.8044]", None), ("[-122.2711, 37.8044, 12]", Some(12.0))]
        {
            let json = format!(r#"{{"type": "Point", "coordinates": {coordinates}}}"#);
            let point: Geometry = serde_json::from_str(&json).unwrap();
            assert_eq!((point.longitude(), point.latitude()), (Some(-122.2711), Some(37.8044)));
            assert_eq!(point.altitude(), altitude);
        }
    }
}
