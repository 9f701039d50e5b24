use linq_types::{ChatId, Handle, TraceId, error::ErrorCode, events::EventType};

use super::Store;
use crate::{
    clock::Moment,
    error::ApiError,
    events,
    model::{Chat, Location, Sharing, Timer},
};

impl Store {
    /// Returns a chat in which locations can be shared.
    pub(crate) fn located_chat(&self, chat_id: &str) -> Result<&Chat, ApiError> {
        let chat = self.active_chat(chat_id)?;
        if self.config.sandbox_tier {
            return Err(ApiError::new(
                ErrorCode::FEATURE_NOT_ENABLED,
                "locations are not enabled for the account",
            ));
        }
        Ok(chat)
    }

    /// Requests the location of the person of a direct chat.
    pub(crate) fn request_location(&mut self, now: Moment, chat_id: &str) -> Result<(), ApiError> {
        let chat = self.located_chat(chat_id)?;
        if chat.is_group() {
            return Err(ApiError::new(ErrorCode::GROUP_NOT_SUPPORTED, "a group cannot be asked where it is"));
        }
        chat.check_imessage()?;
        let wait = self.config.assumptions.location_request_interval;
        if let Some(requested_at) = chat.location_requested_at
            && now - requested_at < wait
        {
            let fault = "the location was asked for a short time ago";
            return Err(ApiError::too_many(fault, requested_at + wait - now));
        }
        self.active_chat_mut(chat_id)?.location_requested_at = Some(now);
        self.note(now, chat_id, "location.requested");
        Ok(())
    }

    /// A person shares or updates their location.
    pub(crate) fn share_location(
        &mut self,
        now: Moment,
        chat_id: &ChatId,
        by: &Handle,
        place: Location,
    ) -> Result<(), ApiError> {
        self.check_member(chat_id, by)?;
        let trace_id = self.ids.trace_id();
        let Some(chat) = self.conversations.chat_mut(chat_id) else { return Ok(()) };
        if let Some(sharing) = chat.sharings.iter_mut().find(|sharing| sharing.by == *by) {
            (sharing.place, sharing.updated_at) = (place, now);
            return Ok(());
        }
        let ends_at = place.duration.map(|duration| now + duration);
        let sharing = Sharing { by: by.clone(), place, began_at: now, ends_at, updated_at: now };
        chat.sharings.push(sharing.clone());
        if let Some(ends_at) = ends_at {
            self.effects.schedule(ends_at, Timer::EndSharing(chat_id.clone(), by.clone()));
        }
        self.publish(now, &EventType::LocationSharingStarted, chat_id, &trace_id, |chat| {
            events::sharing_started(chat, &sharing)
        });
        Ok(())
    }

    /// Ends the sharing of a person's location, by the person or by your line.
    pub(crate) fn stop_sharing(
        &mut self,
        now: Moment,
        chat_id: &str,
        by: &Handle,
        trace_id: &TraceId,
    ) -> Result<(), ApiError> {
        self.located_chat(chat_id)?;
        let chat = self.active_chat_mut(chat_id)?;
        let Some(at) = chat.sharings.iter().position(|sharing| sharing.by == *by) else {
            return Err(ApiError::absent(&format!("`{by}` shares no location in this chat")));
        };
        let (sharing, id) = (chat.sharings.remove(at), chat.id.clone());
        self.publish(now, &EventType::LocationSharingStopped, &id, trace_id, |chat| {
            events::sharing_stopped(now, chat, &sharing)
        });
        Ok(())
    }

    /// A person stops sharing their location.
    pub(crate) fn receive_stop_sharing(
        &mut self,
        now: Moment,
        chat_id: &ChatId,
        by: &Handle,
    ) -> Result<(), ApiError> {
        let trace_id = self.ids.trace_id();
        self.stop_sharing(now, chat_id.as_str(), by, &trace_id)
    }

    /// Ends a sharing whose time is over. It may have ended and started again in the meantime.
    pub(crate) fn end_sharing(&mut self, now: Moment, chat_id: &ChatId, by: &Handle) {
        let sharings = self.conversations.chat(chat_id).map_or(&[][..], |chat| &chat.sharings);
        let over =
            |sharing: &Sharing| sharing.by == *by && sharing.ends_at.is_some_and(|ends_at| ends_at <= now);
        if sharings.iter().any(over) {
            let trace_id = self.ids.trace_id();
            // If the line left the chat, nothing is published.
            let _ = self.stop_sharing(now, chat_id.as_str(), by, &trace_id);
        }
    }
}
