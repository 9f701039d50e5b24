use linq_types::{
    ChatId, Handle, MessageId, TraceId,
    error::ErrorCode,
    events::EventType,
    messages::MessageContent,
    polls::{NewPollOption, NewPollVote, PollContent, PollVoteOperation},
};
use serde_json::value::RawValue;

use super::{Store, effects::Event};
use crate::{
    clock::Moment,
    error::ApiError,
    events,
    ids::Ids,
    model::{Chat, Content, Message, Outgoing, Poll, PollOption},
};

const MAX_OPTIONS: usize = 100;

impl Store {
    /// Your line sends a poll.
    pub(crate) fn send_poll(
        &mut self,
        now: Moment,
        chat_id: &ChatId,
        poll: PollContent,
        trace_id: &TraceId,
    ) -> Result<MessageId, ApiError> {
        let chat = self.active_chat(chat_id.as_str())?;
        chat.check_imessage()?;
        if chat.messages.is_empty() {
            return Err(ApiError::invalid("a poll cannot be the first message of a chat"));
        }
        let (line, others) = (chat.line.clone(), chat.others());
        check_options("poll.options", &poll.options, 2..=MAX_OPTIONS)?;
        self.check_recipients(now, &line, &others, false)?;
        let content = vec![Content::Poll(self.new_poll(&line, poll.options))];
        let carrier = MessageContent::default();
        let carrier = match poll.idempotency_key {
            Some(key) => carrier.idempotency_key(key),
            None => carrier,
        };
        let outgoing = Outgoing::new(carrier, None, trace_id);
        Ok(self.push_outgoing(now, chat_id, line, &others, content, outgoing))
    }

    /// A person sends a poll.
    pub(crate) fn receive_poll(
        &mut self,
        now: Moment,
        chat_id: &ChatId,
        by: &Handle,
        poll: PollContent,
    ) -> Result<MessageId, ApiError> {
        self.check_member(chat_id, by)?;
        self.chat(chat_id.as_str())?.check_imessage()?;
        check_options("options", &poll.options, 2..=MAX_OPTIONS)?;
        let content = vec![Content::Poll(self.new_poll(by, poll.options))];
        let trace_id = self.ids.trace_id();
        Ok(self.push_incoming(now, chat_id, by, content, MessageContent::default(), trace_id))
    }

    fn new_poll(&mut self, by: &Handle, options: Vec<NewPollOption>) -> Poll {
        Poll { options: options.into_iter().map(|option| new_option(&mut self.ids, by, option)).collect() }
    }

    /// Returns the message that carries a poll, and the poll.
    pub(crate) fn poll(&self, message_id: &str) -> Result<(&Message, &Poll), ApiError> {
        let message = self.message(message_id)?;
        let poll = message
            .poll()
            .ok_or_else(|| ApiError::not_found(ErrorCode::MESSAGE_NOT_FOUND, "poll", message_id))?;
        Ok((message, poll))
    }

    /// Somebody adds options to a poll; `None` is your line.
    pub(crate) fn add_poll_options(
        &mut self,
        now: Moment,
        message_id: &str,
        by: Option<&Handle>,
        options: Vec<NewPollOption>,
        trace_id: &TraceId,
    ) -> Result<(), ApiError> {
        let (message, poll) = self.poll(message_id)?;
        let chat = self.active_chat(message.chat_id.as_str())?;
        let by = by.unwrap_or(&chat.line).clone();
        check_options("options", &options, 1..=MAX_OPTIONS.saturating_sub(poll.options.len()))?;
        let added: Vec<_> =
            options.into_iter().map(|option| new_option(&mut self.ids, &by, option)).collect();
        if let Some(message) = self.conversations.message_mut(message_id) {
            message.updated_at = now;
            if let Some(poll) = message.poll_mut() {
                poll.options.extend_from_slice(&added);
            }
        }
        self.publish_poll(now, &EventType::PollUpdated, message_id, trace_id, |chat, message| {
            events::poll_update(chat, message, &by, &added)
        });
        Ok(())
    }

    /// Somebody votes or withdraws a vote; `None` is your line. Nothing is published if nothing changes.
    pub(crate) fn vote(
        &mut self,
        now: Moment,
        message_id: &str,
        by: Option<&Handle>,
        vote: &NewPollVote,
        trace_id: &TraceId,
    ) -> Result<(), ApiError> {
        let (message, _) = self.poll(message_id)?;
        let chat = self.active_chat(message.chat_id.as_str())?;
        let by = by.unwrap_or(&chat.line).clone();
        let Some(message) = self.conversations.message_mut(message_id) else { return Ok(()) };
        let options = message.poll_mut().map_or(&mut [][..], |poll| &mut poll.options);
        let option = options
            .iter_mut()
            .find(|option| option.id == vote.option_id)
            .ok_or_else(|| ApiError::invalid("`option_id` names no option of this poll"))?;
        let voted = option.voters.iter().position(|(voter, _)| *voter == by);
        let event_type = match (&vote.operation, voted) {
            (PollVoteOperation::Add, None) => {
                option.voters.push((by.clone(), now));
                EventType::PollVoteAdded
            }
            (PollVoteOperation::Remove, Some(at)) => {
                option.voters.remove(at);
                EventType::PollVoteRemoved
            }
            (PollVoteOperation::Add, Some(_)) | (PollVoteOperation::Remove, None) => return Ok(()),
            _ => return Err(ApiError::invalid("`operation` must be add or remove")),
        };
        message.updated_at = now;
        self.publish_poll(now, &event_type, message_id, trace_id, |chat, message| {
            events::vote(chat, message, &by, &vote.option_id)
        });
        Ok(())
    }

    /// A person votes or withdraws a vote.
    pub(crate) fn receive_vote(
        &mut self,
        now: Moment,
        message_id: &str,
        by: &Handle,
        vote: &NewPollVote,
    ) -> Result<(), ApiError> {
        self.check_sees(message_id, by)?;
        let trace_id = self.ids.trace_id();
        self.vote(now, message_id, Some(by), vote, &trace_id)
    }

    /// A person adds options to a poll.
    pub(crate) fn receive_poll_options(
        &mut self,
        now: Moment,
        message_id: &str,
        by: &Handle,
        options: Vec<NewPollOption>,
    ) -> Result<(), ApiError> {
        self.check_sees(message_id, by)?;
        let trace_id = self.ids.trace_id();
        self.add_poll_options(now, message_id, Some(by), options, &trace_id)
    }

    fn publish_poll(
        &mut self,
        now: Moment,
        event_type: &EventType,
        message_id: &str,
        trace_id: &TraceId,
        data: impl Fn(&Chat, &Message) -> Box<RawValue>,
    ) {
        let Some(message) = self.conversations.message(message_id) else { return };
        let Some(chat) = self.conversations.chat(&message.chat_id) else { return };
        let event = Event::about_chat(now, event_type, chat, trace_id);
        self.effects.publish(&self.subscriptions, event, |_| data(chat, message));
    }
}

fn new_option(ids: &mut Ids, by: &Handle, option: NewPollOption) -> PollOption {
    PollOption { id: ids.uuid().into(), text: option.text, creator: by.clone(), voters: Vec::new() }
}

fn check_options(
    place: &str,
    options: &[NewPollOption],
    count: std::ops::RangeInclusive<usize>,
) -> Result<(), ApiError> {
    if !count.contains(&options.len()) {
        let (least, most) = (count.start(), count.end());
        return Err(content(&format!("`{place}` must hold {least} to {most} options")));
    }
    match options.iter().position(|option| option.text.is_empty()) {
        Some(at) => Err(content(&format!("`{place}[{at}].text` is empty"))),
        None => Ok(()),
    }
}

fn content(message: &str) -> ApiError {
    ApiError::new(ErrorCode::INVALID_CONTENT, message)
}
