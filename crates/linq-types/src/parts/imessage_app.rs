use serde::{Deserialize, Serialize};

/// A card of an iMessage app to send. It must be the only part of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct IMessageAppPart {
    /// The [app](IMessageApp) that renders the card.
    pub app: IMessageApp,
    /// The [layout](IMessageAppLayout) of the card.
    pub layout: IMessageAppLayout,
    /// The text sent instead where the card cannot be rendered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_text: Option<String>,
    /// Whether the installed app renders the card; `None` leaves the choice to the API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interactive: Option<bool>,
    /// The URL passed to the app when the card is opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl IMessageAppPart {
    /// Creates a card of an app.
    #[must_use]
    pub fn new(app: IMessageApp, layout: IMessageAppLayout) -> Self {
        Self { app, layout, fallback_text: None, interactive: None, url: None }
    }

    setters! {
        /// Sets the text sent instead where the card cannot be rendered.
        fallback_text: String,
        /// Sets whether the installed app renders the card.
        plain interactive: bool,
        /// Sets the URL passed to the app when the card is opened.
        url: String,
    }
}

/// An iMessage app.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct IMessageApp {
    /// The bundle id of the Messages extension of the app.
    pub bundle_id: String,
    /// The name of the app.
    pub name: String,
    /// The Apple team id, ten characters.
    pub team_id: String,
    /// The App Store id of the app; `None` if it is not in the App Store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_store_id: Option<u64>,
}

impl IMessageApp {
    /// Creates an app from its bundle id, name and team id.
    pub fn new(bundle_id: impl Into<String>, name: impl Into<String>, team_id: impl Into<String>) -> Self {
        Self { bundle_id: bundle_id.into(), name: name.into(), team_id: team_id.into(), app_store_id: None }
    }

    setters! {
        /// Sets the App Store id of the app.
        plain app_store_id: u64,
    }
}

/// The texts and the image of an app card. Each is left out if `None`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct IMessageAppLayout {
    /// The first line, left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// The second line, left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subcaption: Option<String>,
    /// The first line, right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trailing_caption: Option<String>,
    /// The second line, right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trailing_subcaption: Option<String>,
    /// The title over the image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_title: Option<String>,
    /// The line below the title of the image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_subtitle: Option<String>,
    /// The URL of the image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}

impl IMessageAppLayout {
    /// Creates an empty layout.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Sets the first line, left.
        caption: String,
        /// Sets the second line, left.
        subcaption: String,
        /// Sets the first line, right.
        trailing_caption: String,
        /// Sets the second line, right.
        trailing_subcaption: String,
        /// Sets the title over the image.
        image_title: String,
        /// Sets the line below the title of the image.
        image_subtitle: String,
        /// Sets the URL of the image.
        image_url: String,
    }
}
