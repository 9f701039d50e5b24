use linq_types::{
    Handle,
    reactions::{Placement, ReactionType},
};

use super::content::Media;

/// A reaction to a part of a message.
#[derive(Clone)]
pub(crate) struct StoredReaction {
    pub(crate) id: String,
    pub(crate) by: Handle,
    pub(crate) kind: ReactionType,
    pub(crate) custom_emoji: Option<String>,
    pub(crate) sticker: Option<Media>,
    /// The placement of a sticker.
    pub(crate) placement: Option<Placement>,
}
