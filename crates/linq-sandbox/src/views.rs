//! The JSON shapes that responses and webhooks share, as pure functions of the model.

mod chats;
mod handles;
mod locations;
mod messages;
mod payment_requests;
mod polls;
pub(crate) mod v2;
mod voice_memos;

pub(crate) use chats::{ChatView, FullChatView, HealthView};
pub(crate) use handles::{HandleView, micros};
pub(crate) use locations::LocationsView;
pub(crate) use messages::{MessageView, ReactionView, SentMessageView, StickerView};
pub(crate) use payment_requests::PaymentRequestView;
pub(crate) use polls::{PollOptionView, PollResponseView, PollView};
pub(crate) use voice_memos::VoiceMemoView;
