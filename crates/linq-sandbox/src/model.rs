//! The data of the sandbox. Nothing here depends on the store, the network or the system clock.

mod attachment;
mod call_limit;
mod chat;
mod contact_card;
mod content;
mod effect;
mod line;
mod listings;
mod location;
mod message;
mod note;
mod payment;
mod person;
mod poll;
mod reaction;
mod subscription;
mod timeline;
mod tracked;
mod unheard;

pub use line::LineFault;
pub use location::Location;

pub(crate) use attachment::{Attachment, Attachments, File, Space, UPLOAD_WITHIN};
pub(crate) use call_limit::{CallLimit, DailyCount};
pub(crate) use chat::{Change, Chat, ChatKey, ChatUpdate, Departure, Health, Member};
pub(crate) use contact_card::{Card, ReceivedCard};
pub(crate) use content::{AppCard, Content, Media, Mention, Sticker, Text};
pub(crate) use effect::{Effect, Notice, Timer};
pub(crate) use line::{Audit, Line, Standing};
pub(crate) use listings::Listings;
pub(crate) use location::Sharing;
pub(crate) use message::{Message, MessagePart, Outgoing, Place, Selection, Step};
pub(crate) use note::Note;
pub(crate) use payment::{Connection, Payment, PaymentRequest};
pub(crate) use person::{Blocked, Person};
pub(crate) use poll::{Poll, PollOption};
pub(crate) use reaction::StoredReaction;
pub(crate) use subscription::{Deliveries, Format, Subscription};
pub(crate) use timeline::Timeline;
pub(crate) use tracked::{Tracked, Versioned};
pub(crate) use unheard::Unheard;
