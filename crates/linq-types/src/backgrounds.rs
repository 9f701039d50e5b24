//! Chat backgrounds: `/v3/chats/{chatId}/background`.

use serde::{Deserialize, Serialize};

/// The background image or theme of a chat.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::backgrounds::{Background, BackgroundStyle};
///
/// let color = Background::color("mango");
/// let gradient = Background::gradient("#F2C4E1", "#F5A623");
/// let animated = Background::dynamic(BackgroundStyle::Sky, "dusk");
/// let photo = Background::photo("https://example.com/beach.jpg");
/// # let _ = (color, gradient, animated, photo);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema), schemars(example = Self::color("mango")))]
#[non_exhaustive]
pub struct Background {
    /// The [type](BackgroundType) of the background.
    #[serde(rename = "type")]
    pub kind: BackgroundType,
    /// The `https` URL of a [`Photo`](BackgroundType::Photo) in JPEG, PNG, HEIC or WebP format, which the API downloads
    /// during the request; `None` for other types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// The upper and the lower color of a gradient, as `#RRGGBB`: of a [`Color`](BackgroundType::Color) whose variant is
    /// `custom` or absent. Empty for other backgrounds.
    #[serde(default, deserialize_with = "crate::list::identifying", skip_serializing_if = "Vec::is_empty")]
    pub shades: Vec<String>,
    /// The [style](BackgroundStyle) of a [`Dynamic`](BackgroundType::Dynamic) background; `None` for other types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<BackgroundStyle>,
    /// The name of a color, such as `mango`, or the variant of a dynamic style, such as `dusk`; `None` for photos.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
}

impl Background {
    /// Creates a background of this type, with no other field set.
    #[must_use]
    pub fn new(kind: BackgroundType) -> Self {
        Self { kind, image_url: None, shades: Vec::new(), style: None, variant: None }
    }

    /// Creates a color by its name, such as `mango`, `ice` or `deep_sea`.
    pub fn color(variant: impl Into<String>) -> Self {
        Self::new(BackgroundType::Color).variant(variant)
    }

    /// Creates a gradient of two colors, each as `#RRGGBB`.
    pub fn gradient(upper: impl Into<String>, lower: impl Into<String>) -> Self {
        Self::color("custom").shades::<String>([upper.into(), lower.into()])
    }

    /// Creates an animated background: a style and its variant, such as `Sky` and `dusk`.
    pub fn dynamic(style: BackgroundStyle, variant: impl Into<String>) -> Self {
        Self::new(BackgroundType::Dynamic).style(style).variant(variant)
    }

    /// Creates a photo from an `https` URL that the API downloads.
    pub fn photo(image_url: impl Into<String>) -> Self {
        Self::new(BackgroundType::Photo).image_url(image_url)
    }

    /// Sets the two colors of a gradient, the upper one first.
    #[must_use]
    pub fn shades<C: Into<String>>(mut self, shades: impl IntoIterator<Item = C>) -> Self {
        self.shades = shades.into_iter().map(Into::into).collect();
        self
    }

    setters! {
        /// Sets the URL of the photo.
        image_url: String,
        /// Sets the style of an animated background.
        style: BackgroundStyle,
        /// Sets the name of the color or the variant of the style.
        variant: String,
    }
}

open_enum! {
    /// The type of a background.
    pub enum BackgroundType {
        /// A color, or a gradient of two.
        Color = "color",
        /// An animated background.
        Dynamic = "dynamic",
        /// A photo of yours.
        Photo = "photo",
    }
}

open_enum! {
    /// The style of an animated background.
    pub enum BackgroundStyle {
        /// Clouds and light; variants `dusk`, `haze`, `sunset`, `clear`, `sunrise` and `dawn`.
        Sky = "sky",
        /// Waves; variants `light` and `dark`.
        Water = "water",
        /// Northern lights; variants `green`, `purple` and `pink`.
        Aurora = "aurora",
        /// Glitter. It occurs in webhooks only and cannot be set.
        Glitter = "glitter",
    }
}
