//! Shared locations: `/v3/chats/{chatId}/location`. Coordinates are GeoJSON (RFC 7946).

use serde::{Deserialize, Serialize};

use crate::{Handle, Timestamp};

/// The response to retrieving the shared locations of a chat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatLocationRetrieveResponse {
    /// Whether the request succeeded; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
    /// The [locations](FeatureCollection).
    pub data: FeatureCollection,
}

/// The shared locations of a chat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FeatureCollection {
    /// Always [`FeatureCollection`](GeoJsonType::FeatureCollection); `None` if the API does not report it.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<GeoJsonType>,
    /// The [locations](Feature), one for each participant that shares its location; empty if none does, or if no
    /// location is known yet.
    #[serde(default, deserialize_with = "crate::list::identifying")]
    pub features: Vec<Feature>,
}

/// The location of a participant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Feature {
    /// Always [`Feature`](GeoJsonType::Feature); `None` if the API does not report it.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<GeoJsonType>,
    /// The [position](Geometry); `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geometry: Option<Geometry>,
    /// The [properties](FeatureProperties): whose location it is, and its address; `None` if the API does not report
    /// it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub properties: Option<FeatureProperties>,
}

/// A position on the earth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Geometry {
    /// Always [`Point`](GeoJsonType::Point); `None` if the API does not report it.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<GeoJsonType>,
    /// Longitude and latitude in degrees, in this order, and the altitude in meters if it is known.
    #[serde(default, deserialize_with = "crate::list::identifying")]
    pub coordinates: Vec<f64>,
}

impl Geometry {
    /// Returns the longitude in degrees, -180 to 180, east positive; `None` if the position has no coordinates.
    #[must_use]
    pub fn longitude(&self) -> Option<f64> {
        self.coordinates.first().copied()
    }

    /// Returns the latitude in degrees, -90 to 90, north positive; `None` if the position has no coordinates.
    #[must_use]
    pub fn latitude(&self) -> Option<f64> {
        self.coordinates.get(1).copied()
    }

    /// Returns the altitude in meters above the WGS 84 ellipsoid; `None` if it is not known.
    #[must_use]
    pub fn altitude(&self) -> Option<f64> {
        self.coordinates.get(2).copied()
    }
}

/// The properties of a location.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FeatureProperties {
    /// The handle of the participant.
    pub handle: Handle,
    /// The postal address; `None` if it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The city or town; `None` if it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// When the location was determined; `None` if it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

open_enum! {
    /// The type of a GeoJSON object.
    pub enum GeoJsonType {
        /// A collection of features.
        FeatureCollection = "FeatureCollection",
        /// A geometry and its properties.
        Feature = "Feature",
        /// A position.
        Point = "Point",
    }
}

/// The response to requesting a location, and to stopping location sharing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatLocationRequestResponse {
    /// Whether the API accepted the request; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
    /// A human-readable message; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longitude_precedes_latitude_and_the_altitude_may_be_absent() {
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
