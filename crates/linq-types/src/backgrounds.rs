//! Chat backgrounds: `/v3/chats/{chatId}/background`.

use serde::{Deserialize, Serialize};

/// What stands behind the messages of a chat.
///
/// ```
/// use linq_types::backgrounds::{Background, BackgroundStyle};
///
/// let colour = Background::color("mango");
/// let gradient = Background::gradient("#F2C4E1", "#F5A623");
/// let moving = Background::dynamic(BackgroundStyle::Sky, "dusk");
/// let photo = Background::photo("https://example.com/beach.jpg");
/// # let _ = (colour, gradient, moving, photo);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Background {
    /// The kind of background.
    #[serde(rename = "type")]
    pub kind: BackgroundType,
    /// The picture of a [`Photo`](BackgroundType::Photo): an `https` address of a JPEG, PNG, HEIC or WebP, which the
    /// service fetches at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// The upper and the lower colour of a gradient, as `#RRGGBB`: of a [`Color`](BackgroundType::Color) whose
    /// variant is `custom` or absent.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub shades: Vec<String>,
    /// The style of a [`Dynamic`](BackgroundType::Dynamic) background.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<BackgroundStyle>,
    /// The name of a colour, such as `mango`, or the variant of a dynamic style, such as `dusk`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
}

impl Background {
    /// A background of this kind, with the rest still to be set.
    #[must_use]
    pub fn new(kind: BackgroundType) -> Self {
        Self { kind, image_url: None, shades: Vec::new(), style: None, variant: None }
    }

    /// A colour by its name, such as `mango`, `ice` or `deep_sea`.
    pub fn color(variant: impl Into<String>) -> Self {
        Self::new(BackgroundType::Color).variant(variant)
    }

    /// A gradient between two colours, each as `#RRGGBB`.
    pub fn gradient(upper: impl Into<String>, lower: impl Into<String>) -> Self {
        Self::color("custom").shades::<String>([upper.into(), lower.into()])
    }

    /// A moving background: a style and its variant, such as the sky at `dusk`.
    pub fn dynamic(style: BackgroundStyle, variant: impl Into<String>) -> Self {
        Self::new(BackgroundType::Dynamic).style(style).variant(variant)
    }

    /// A picture that the service fetches.
    pub fn photo(image_url: impl Into<String>) -> Self {
        Self::new(BackgroundType::Photo).image_url(image_url)
    }

    /// Sets the two colours of a gradient, the upper one first.
    #[must_use]
    pub fn shades<C: Into<String>>(mut self, shades: impl IntoIterator<Item = C>) -> Self {
        self.shades = shades.into_iter().map(Into::into).collect();
        self
    }

    setters! {
        /// Sets the picture.
        image_url: String,
        /// Sets the style of a moving background.
        style: BackgroundStyle,
        /// Sets the colour's name or the style's variant.
        variant: String,
    }
}

open_enum! {
    /// The kinds of background.
    pub enum BackgroundType {
        /// One colour, or a gradient of two.
        Color = "color",
        /// A picture that moves.
        Dynamic = "dynamic",
        /// A picture of yours.
        Photo = "photo",
    }
}

open_enum! {
    /// The styles of moving backgrounds.
    pub enum BackgroundStyle {
        /// Clouds and light; variants `dusk`, `haze`, `sunset`, `clear`, `sunrise` and `dawn`.
        Sky = "sky",
        /// Waves; variants `light` and `dark`.
        Water = "water",
        /// Northern lights; variants `green`, `purple` and `pink`.
        Aurora = "aurora",
        /// Glitter. Only reported: it cannot be set.
        Glitter = "glitter",
    }
}
