//! Reactions: tapbacks, emoji and stickers on a part of a message (`/v3/messages/{messageId}/reactions`).

use serde::{Deserialize, Serialize};

use crate::{AttachmentId, ChatHandle, ReactionId, TraceId};

/// A reaction to put on a message, or to take off.
///
/// ```
/// use linq_types::reactions::Reaction;
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
#[non_exhaustive]
pub struct Reaction {
    /// Whether the reaction is put on or taken off.
    pub operation: ReactionOperation,
    /// The kind of reaction.
    #[serde(rename = "type")]
    pub kind: ReactionType,
    /// The emoji of a [`Custom`](ReactionType::Custom) reaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_emoji: Option<String>,
    /// Which part of the message, from 0; absent means the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_index: Option<u32>,
    /// The emoji drawn as a sticker: one of `emoji`, `url` and `attachment_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emoji: Option<String>,
    /// The address of a sticker's picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A sticker's picture that was uploaded before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment_id: Option<AttachmentId>,
    /// Where a sticker sits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement: Option<Placement>,
}

impl Reaction {
    /// A heart.
    pub const LOVE: Self = Self::new(ReactionType::Love);
    /// Thumbs up.
    pub const LIKE: Self = Self::new(ReactionType::Like);
    /// Thumbs down.
    pub const DISLIKE: Self = Self::new(ReactionType::Dislike);
    /// Ha ha.
    pub const LAUGH: Self = Self::new(ReactionType::Laugh);
    /// Two exclamation marks.
    pub const EMPHASIZE: Self = Self::new(ReactionType::Emphasize);
    /// A question mark.
    pub const QUESTION: Self = Self::new(ReactionType::Question);
}

impl Reaction {
    /// A reaction of this kind.
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

    /// Any emoji.
    pub fn emoji(emoji: impl Into<String>) -> Self {
        Self { custom_emoji: Some(emoji.into()), ..Self::new(ReactionType::Custom) }
    }

    /// A picture that the service fetches, stuck onto the message. It cannot be taken off again.
    pub fn sticker_url(url: impl Into<String>) -> Self {
        Self { url: Some(url.into()), ..Self::new(ReactionType::Sticker) }
    }

    /// A picture uploaded before, stuck onto the message. It cannot be taken off again.
    pub fn sticker(id: impl Into<AttachmentId>) -> Self {
        Self { attachment_id: Some(id.into()), ..Self::new(ReactionType::Sticker) }
    }

    /// An emoji stuck onto the message. It cannot be taken off again.
    pub fn sticker_emoji(emoji: impl Into<String>) -> Self {
        Self { emoji: Some(emoji.into()), ..Self::new(ReactionType::Sticker) }
    }

    /// Takes the reaction off instead.
    #[must_use]
    pub fn remove(mut self) -> Self {
        self.operation = ReactionOperation::Remove;
        self
    }

    /// Reacts to one part of the message, counted from 0.
    #[must_use]
    pub fn part_index(mut self, part_index: u32) -> Self {
        self.part_index = Some(part_index);
        self
    }

    setters! {
        /// Sets where a sticker sits.
        placement: Placement,
    }
}

impl From<ReactionType> for Reaction {
    fn from(kind: ReactionType) -> Self {
        Self::new(kind)
    }
}

open_enum! {
    /// Whether a reaction is put on or taken off.
    pub enum ReactionOperation {
        /// Put on.
        Add = "add",
        /// Taken off.
        Remove = "remove",
    }
}

open_enum! {
    /// The kinds of reaction.
    pub enum ReactionType {
        /// A heart.
        Love = "love",
        /// Thumbs up.
        Like = "like",
        /// Thumbs down.
        Dislike = "dislike",
        /// Ha ha.
        Laugh = "laugh",
        /// Two exclamation marks.
        Emphasize = "emphasize",
        /// A question mark.
        Question = "question",
        /// Any emoji.
        Custom = "custom",
        /// A picture stuck onto the message.
        Sticker = "sticker",
    }
}

/// Where a sticker sits on the message.
#[doc(alias = "MessageAddReactionParamsPlacement")]
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Placement {
    /// From -1 (left) over 0 (centre) to 1 (right).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<f64>,
    /// From -1 over 0 (centre) to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub y: Option<f64>,
    /// Degrees clockwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotation: Option<f64>,
    /// Size; the service keeps it within 0.05 to 2.5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
}

impl Placement {
    /// In the centre, upright, in its own size.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Sets the horizontal place, -1 to 1.
        x: f64,
        /// Sets the vertical place, -1 to 1.
        y: f64,
        /// Sets the rotation in degrees clockwise.
        rotation: f64,
        /// Sets the size, 0.05 to 2.5.
        scale: f64,
    }
}

/// A new place for a sticker: the body of `PATCH /v3/messages/{messageId}/reactions/{reactionId}`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UpdateStickerPlacement {
    /// Where the sticker sits from now on.
    pub placement: Placement,
}

impl From<Placement> for UpdateStickerPlacement {
    fn from(placement: Placement) -> Self {
        Self { placement }
    }
}

/// The answer to moving a sticker.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StickerPlacementUpdateResponse {
    /// Whether the request succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
    /// `accepted`, as a rule: the sticker moves later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The request's trace id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<TraceId>,
}

/// A reaction on a message part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReactionResponse {
    /// The reaction's id. Older answers have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ReactionId>,
    /// Who reacted.
    pub handle: ChatHandle,
    /// Whether your line reacted.
    pub is_me: bool,
    /// The kind of reaction.
    #[serde(rename = "type")]
    pub kind: ReactionType,
    /// The emoji of a [`Custom`](ReactionType::Custom) reaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_emoji: Option<String>,
    /// The picture of a [`Sticker`](ReactionType::Sticker) reaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sticker: Option<Sticker>,
}

/// The picture of a sticker reaction.
#[doc(alias = "ReactionSticker")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Sticker {
    /// The picture's file name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// The picture's media type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// Where to download it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Width in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}
