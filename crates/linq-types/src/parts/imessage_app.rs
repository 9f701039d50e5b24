use serde::{Deserialize, Serialize};

/// A card of an iMessage app to send.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IMessageAppPart {
    /// The app that draws the card.
    pub app: IMessageApp,
    /// What the card shows.
    pub layout: IMessageAppLayout,
    /// Sent in place of the card where it cannot be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_text: Option<String>,
    /// Whether tapping the card opens the app in place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interactive: Option<bool>,
    /// Handed to the app when the card is opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl IMessageAppPart {
    /// A card of `app` that shows `layout`.
    #[must_use]
    pub fn new(app: IMessageApp, layout: IMessageAppLayout) -> Self {
        Self { app, layout, fallback_text: None, interactive: None, url: None }
    }

    setters! {
        /// Sets what is sent where the card cannot be shown.
        fallback_text: String,
        /// Sets whether tapping the card opens the app in place.
        interactive: bool,
        /// Sets what is handed to the app when the card is opened.
        url: String,
    }
}

/// An iMessage app.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IMessageApp {
    /// The bundle id of the app's Messages extension.
    pub bundle_id: String,
    /// The app's name.
    pub name: String,
    /// Apple's team id, ten characters.
    pub team_id: String,
    /// The app's number in the App Store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_store_id: Option<u64>,
}

impl IMessageApp {
    /// An app by its bundle id, name and team id.
    pub fn new(bundle_id: impl Into<String>, name: impl Into<String>, team_id: impl Into<String>) -> Self {
        Self { bundle_id: bundle_id.into(), name: name.into(), team_id: team_id.into(), app_store_id: None }
    }

    /// Sets the app's number in the App Store.
    #[must_use]
    pub fn app_store_id(mut self, app_store_id: u64) -> Self {
        self.app_store_id = Some(app_store_id);
        self
    }
}

/// What an app card shows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IMessageAppLayout {
    /// Main line, left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Line below the caption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subcaption: Option<String>,
    /// Main line, right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trailing_caption: Option<String>,
    /// Second line, right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trailing_subcaption: Option<String>,
    /// Title over the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_title: Option<String>,
    /// Line below the picture's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_subtitle: Option<String>,
    /// The picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}

impl IMessageAppLayout {
    /// An empty card.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Sets the main line, left.
        caption: String,
        /// Sets the line below the caption.
        subcaption: String,
        /// Sets the main line, right.
        trailing_caption: String,
        /// Sets the second line, right.
        trailing_subcaption: String,
        /// Sets the title over the picture.
        image_title: String,
        /// Sets the line below the picture's title.
        image_subtitle: String,
        /// Sets the picture.
        image_url: String,
    }
}
