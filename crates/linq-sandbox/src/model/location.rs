use std::time::Duration;

use linq_types::Handle;

use crate::clock::Moment;

/// The location of a person.
///
/// ```
/// # mod linq { pub(crate) use linq_sandbox as sandbox; }
/// use std::time::Duration;
/// use linq::sandbox::Location;
///
/// let here = Location::new(37.8044, -122.2711).locality("Oakland").duration(Duration::from_secs(3_600));
/// # let _ = here;
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Location {
    /// Degrees north of the equator.
    pub latitude: f64,
    /// Degrees east of Greenwich.
    pub longitude: f64,
    /// Meters above the WGS 84 ellipsoid, if known.
    pub altitude: Option<f64>,
    /// The postal address, if known.
    pub address: Option<String>,
    /// The town, if known.
    pub locality: Option<String>,
    /// How long the location is shared; `None` means until the person stops.
    pub duration: Option<Duration>,
}

impl Location {
    /// Creates a location from coordinates in degrees.
    #[must_use]
    pub fn new(latitude: f64, longitude: f64) -> Self {
        Self { latitude, longitude, altitude: None, address: None, locality: None, duration: None }
    }

    /// Sets the altitude in meters.
    #[must_use]
    pub fn altitude(mut self, meters: f64) -> Self {
        self.altitude = Some(meters);
        self
    }

    /// Sets the postal address.
    #[must_use]
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.address = Some(address.into());
        self
    }

    /// Sets the town.
    #[must_use]
    pub fn locality(mut self, locality: impl Into<String>) -> Self {
        self.locality = Some(locality.into());
        self
    }

    /// Sets how long the location is shared.
    #[must_use]
    pub fn duration(mut self, duration: Duration) -> Self {
        self.duration = Some(duration);
        self
    }
}

/// A location that a person shares in a chat.
#[derive(Debug, Clone)]
pub(crate) struct Sharing {
    pub(crate) by: Handle,
    pub(crate) place: Location,
    pub(crate) began_at: Moment,
    pub(crate) ends_at: Option<Moment>,
    pub(crate) updated_at: Moment,
}
