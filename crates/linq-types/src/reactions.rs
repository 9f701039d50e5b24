//! Reactions to a part of a message: tapbacks, emoji and stickers (`/v3/messages/{messageId}/reactions`).

use serde::{Deserialize, Serialize};

use crate::{AttachmentId, ChatHandle, ReactionId, TraceId};

/// A reaction to add to a message, or to remove: the body of `POST /v3/messages/{messageId}/reactions`.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::reactions::Reaction;
///
/// assert_eq!(
///     serde_json::to_value(Reaction::emoji("🔥").part_index(1))?,
///     serde_json::json!({ "operation": "add", "type": "custom", "custom_emoji": "🔥", "part_index": 1 })
/// );
/// assert_eq!(
///     serde_json::to_value(Reaction::LOVE.remove())?,
///     serde_json::json!({ "operation": "remove", "type": "love" })
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[doc(alias = "MessageAddReactionParams")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema), schemars(example = Self::LOVE))]
#[non_exhaustive]
pub struct Reaction {
    /// Whether to [add or remove](ReactionOperation) the reaction.
    pub operation: ReactionOperation,
    /// The [type](ReactionType) of the reaction.
    #[serde(rename = "type")]
    pub kind: ReactionType,
    /// The emoji of a [`Custom`](ReactionType::Custom) reaction; `None` for other types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_emoji: Option<String>,
    /// The index of the part, counted from 0; `None` means the first part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_index: Option<u32>,
    /// The emoji to use as a [`Sticker`](ReactionType::Sticker): exactly one of `emoji`, `url` and `attachment_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emoji: Option<String>,
    /// The `https` URL that the API downloads the image of a [`Sticker`](ReactionType::Sticker) from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The id of the uploaded image of a [`Sticker`](ReactionType::Sticker).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment_id: Option<AttachmentId>,
    /// The [placement](Placement) of a [`Sticker`](ReactionType::Sticker); `None` means the center.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement: Option<Placement>,
}

impl Reaction {
    /// The heart tapback.
    pub const LOVE: Self = Self::new(ReactionType::Love);
    /// The thumbs-up tapback.
    pub const LIKE: Self = Self::new(ReactionType::Like);
    /// The thumbs-down tapback.
    pub const DISLIKE: Self = Self::new(ReactionType::Dislike);
    /// The “ha ha” tapback.
    pub const LAUGH: Self = Self::new(ReactionType::Laugh);
    /// The double exclamation mark tapback.
    pub const EMPHASIZE: Self = Self::new(ReactionType::Emphasize);
    /// The question mark tapback.
    pub const QUESTION: Self = Self::new(ReactionType::Question);

    /// Creates a reaction of this type. The constants and the other constructors cover the usual ones.
    #[must_use]
    pub const fn new(kind: ReactionType) -> Self {
        Self {
            operation: ReactionOperation::Add,
            kind,
            custom_emoji: None,
            part_index: None,
            emoji: None,
            url: None,
            attachment_id: None,
            placement: None,
        }
    }

    /// Creates a reaction with this emoji.
    pub fn emoji(emoji: impl Into<String>) -> Self {
        Self { custom_emoji: Some(emoji.into()), ..Self::new(ReactionType::Custom) }
    }

    /// Creates a sticker from an `https` URL that the API downloads. A sticker cannot be removed.
    pub fn sticker_url(url: impl Into<String>) -> Self {
        Self { url: Some(url.into()), ..Self::new(ReactionType::Sticker) }
    }

    /// Creates a sticker from an uploaded image. A sticker cannot be removed.
    pub fn sticker(id: impl Into<AttachmentId>) -> Self {
        Self { attachment_id: Some(id.into()), ..Self::new(ReactionType::Sticker) }
    }

    /// Creates a sticker from an emoji. A sticker cannot be removed.
    pub fn sticker_emoji(emoji: impl Into<String>) -> Self {
        Self { emoji: Some(emoji.into()), ..Self::new(ReactionType::Sticker) }
    }

    /// Removes the reaction instead of adding it.
    #[must_use]
    pub fn remove(mut self) -> Self {
        self.operation = ReactionOperation::Remove;
        self
    }

    setters! {
        /// Sets the index of the part to react to, counted from 0.
        plain part_index: u32,
        /// Sets the placement of a sticker.
        placement: Placement,
    }
}

impl From<ReactionType> for Reaction {
    fn from(kind: ReactionType) -> Self {
        Self::new(kind)
    }
}

open_enum! {
    /// The operation of a reaction: add or remove.
    pub enum ReactionOperation {
        /// Add the reaction.
        Add = "add",
        /// Remove the reaction.
        Remove = "remove",
    }
}

open_enum! {
    /// The type of a reaction.
    pub enum ReactionType {
        /// The heart tapback.
        Love = "love",
        /// The thumbs-up tapback.
        Like = "like",
        /// The thumbs-down tapback.
        Dislike = "dislike",
        /// The “ha ha” tapback.
        Laugh = "laugh",
        /// The double exclamation mark tapback.
        Emphasize = "emphasize",
        /// The question mark tapback.
        Question = "question",
        /// XX
        Custom = "custom",
        /// A sticker.
        Sticker = "sticker",
    }
}

/// The placement of a sticker on the message. A field that is `None` has its default: centered, upright, original
/// size.
#[doc(alias = "MessageAddReactionParamsPlacement")]
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema), schemars(example = Self::new().x(0.5)))]
#[non_exhaustive]
pub struct Placement {
    /// The horizontal position, -1 to 1: negative is left of the center.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<f64>,
    /// The vertical position, -1 to 1; 0 is the center.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub y: Option<f64>,
    /// The rotation in degrees, clockwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotation: Option<f64>,
    /// The scale. The API limits it to 0.05 to 2.5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
}

impl Placement {
    /// Creates a placement in the center, upright, in original size.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Sets the horizontal position, -1 to 1.
        plain x: f64,
        /// Sets the vertical position, -1 to 1.
        plain y: f64,
        /// Sets the rotation in degrees, clockwise.
        plain rotation: f64,
        /// Sets the scale, 0.05 to 2.5.
        plain scale: f64,
    }
}

/// A new placement of a sticker: the body of `PATCH /v3/messages/{messageId}/reactions/{reactionId}`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UpdateStickerPlacement {
    /// The new [placement](Placement).
    pub placement: Placement,
}

impl From<Placement> for UpdateStickerPlacement {
    fn from(placement: Placement) -> Self {
        Self { placement }
    }
}

/// The response to changing the placement of a sticker. A field is `None` if the API does not report it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StickerPlacementUpdateResponse {
    /// Whether the API accepted the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
    /// The status of the request, usually `accepted`: the API moves the sticker asynchronously.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The trace id of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<TraceId>,
}

/// A reaction to a message part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReactionResponse {
    /// The id of the reaction; `None` in responses of early 2026.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ReactionId>,
    /// The [participant](ChatHandle) who reacted; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<ChatHandle>,
    /// Whether your line reacted; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_me: Option<bool>,
    /// The [type](ReactionType) of the reaction.
    #[serde(rename = "type")]
    pub kind: ReactionType,
    /// The emoji of a [`Custom`](ReactionType::Custom) reaction; `None` for other types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_emoji: Option<String>,
    /// The [image](Sticker) of a [`Sticker`](ReactionType::Sticker) reaction; `None` for other types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sticker: Option<Sticker>,
}

/// The image of a sticker. A field is `None` if the API does not report it.
#[doc(alias = "ReactionSticker")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Sticker {
    /// The file name of the image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// The media type of the image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// The URL to download the image from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The width in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// The height in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}
