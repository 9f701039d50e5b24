use linq_types::Handle;
use serde::Serialize;

use crate::{
    clock::Moment,
    model::{Chat, Sharing},
};

/// The shared locations of a chat as GeoJSON.
#[derive(Serialize)]
#[serde(tag = "type", rename = "FeatureCollection")]
pub(crate) struct LocationsView<'a> {
    features: Vec<FeatureView<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "Feature")]
struct FeatureView<'a> {
    geometry: PointView,
    properties: PropertiesView<'a>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "Point")]
struct PointView {
    coordinates: Vec<f64>,
}

#[derive(Serialize)]
struct PropertiesView<'a> {
    handle: &'a Handle,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locality: Option<&'a str>,
    updated_at: Moment,
}

impl<'a> LocationsView<'a> {
    pub(crate) fn new(chat: &'a Chat) -> Self {
        Self { features: chat.sharings.iter().map(FeatureView::new).collect() }
    }
}

impl<'a> FeatureView<'a> {
    fn new(sharing: &'a Sharing) -> Self {
        let place = &sharing.place;
        let coordinates = [Some(place.longitude), Some(place.latitude), place.altitude];
        Self {
            geometry: PointView { coordinates: coordinates.into_iter().flatten().collect() },
            properties: PropertiesView {
                handle: &sharing.by,
                address: place.address.as_deref(),
                locality: place.locality.as_deref(),
                updated_at: sharing.updated_at,
            },
        }
    }
}
