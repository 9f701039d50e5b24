use linq_types::{Handle, Service};
use serde::Serialize;

use crate::{
    clock::Moment,
    model::{Chat, Member},
};

#[derive(Serialize)]
pub(crate) struct HandleView<'a> {
    id: &'a str,
    handle: &'a Handle,
    service: &'a Service,
    pub(super) is_me: bool,
    status: &'static str,
    #[serde(serialize_with = "micros")]
    joined_at: Moment,
    left_at: Option<Moment>,
}

impl<'a> HandleView<'a> {
    pub(crate) fn new(chat: &'a Chat, member: &'a Member) -> Self {
        Self {
            id: &member.id,
            handle: &member.handle,
            service: &chat.service,
            is_me: member.is_me,
            status: member.status(),
            joined_at: member.joined_at,
            left_at: member.departure.map(|departure| departure.at),
        }
    }

    pub(crate) fn of(chat: &'a Chat, handle: &Handle) -> Option<Self> {
        chat.member(handle).map(|member| Self::new(chat, member))
    }
}

pub(crate) fn micros<S: serde::Serializer>(moment: &Moment, serializer: S) -> Result<S::Ok, S::Error> {
    moment.in_micros(serializer)
}
