use linq_types::{
    Handle, TraceId,
    contact_card::{NewContactCard, UpdateContactCard},
    error::ErrorCode,
    events::EventType,
};

use super::{Store, effects::Event};
use crate::{
    clock::Moment,
    error::ApiError,
    events,
    model::{Card, Line, ReceivedCard},
};

impl Store {
    pub(crate) fn create_card(
        &mut self,
        now: Moment,
        new: NewContactCard,
        trace_id: &TraceId,
    ) -> Result<&Line, ApiError> {
        let NewContactCard { phone_number, first_name, last_name, image_url, .. } = new;
        check_name("first_name", Some(&first_name))?;
        check_image(image_url.as_deref())?;
        self.line_mut("phone_number", &phone_number)?.card_calls.count(now, CALLS)?;
        if self.line("phone_number", &phone_number)?.card.is_some() {
            return Err(ApiError::new(
                ErrorCode::CONTACT_CARD_EXISTS,
                format!("`{phone_number}` has an active contact card: PATCH changes it"),
            ));
        }
        let card = Card { id: self.ids.uuid(), first_name, last_name, image_url };
        let event = Event::about_line(now, &EventType::ContactCardCreated, &phone_number, trace_id);
        self.effects.publish(&self.subscriptions, event, |_| events::card_created(now, &phone_number, &card));
        let line = self.line_mut("phone_number", &phone_number)?;
        line.card = Some(card);
        Ok(line)
    }

    pub(crate) fn update_card(
        &mut self,
        now: Moment,
        phone_number: &Handle,
        update: UpdateContactCard,
        trace_id: &TraceId,
    ) -> Result<&Line, ApiError> {
        check_name("first_name", update.first_name.as_deref())?;
        check_image(update.image_url.as_deref())?;
        self.line_mut("phone_number", phone_number)?.card_calls.count(now, CALLS)?;
        let before = self.card(phone_number)?.clone();
        let card = Card {
            id: before.id.clone(),
            first_name: update.first_name.unwrap_or_else(|| before.first_name.clone()),
            last_name: update.last_name.or_else(|| before.last_name.clone()),
            image_url: update.image_url.or_else(|| before.image_url.clone()),
        };
        if card != before {
            let event = Event::about_line(now, &EventType::ContactCardUpdated, phone_number, trace_id);
            self.effects.publish(&self.subscriptions, event, |_| {
                events::card_updated(now, phone_number, &before, &card)
            });
        }
        let line = self.line_mut("phone_number", phone_number)?;
        line.card = Some(card);
        Ok(line)
    }

    pub(crate) fn card(&self, phone_number: &Handle) -> Result<&Card, ApiError> {
        let card = self.line("phone_number", phone_number)?.card.as_ref();
        card.ok_or_else(|| {
            ApiError::not_found(ErrorCode::CONTACT_CARD_NOT_FOUND, "active contact card of", phone_number)
        })
    }

    /// A person sends their contact card to a line.
    pub(crate) fn receive_card(
        &mut self,
        now: Moment,
        line: &Handle,
        sender: &Handle,
        card: &ReceivedCard<'_>,
    ) -> Result<(), ApiError> {
        self.check_person(sender)?;
        self.check_not_blocked(sender)?;
        let trace_id = self.ids.trace_id();
        let chat = self.conversations.find(line, std::slice::from_ref(sender));
        let event = Event::about_line(now, &EventType::ContactCardReceived, line, &trace_id).noted_in(chat);
        self.effects.publish(&self.subscriptions, event, |_| events::card_received(line, sender, card));
        Ok(())
    }
}

const CALLS: &str = "changes of the contact card";

fn check_name(field: &str, name: Option<&str>) -> Result<(), ApiError> {
    match name {
        Some(name) if name.trim().is_empty() => Err(ApiError::invalid(format!("`{field}` is empty"))),
        _ => Ok(()),
    }
}

fn check_image(url: Option<&str>) -> Result<(), ApiError> {
    match url {
        Some(url) if !url.starts_with("https://") => {
            Err(ApiError::invalid("`image_url` must be an https address"))
        }
        _ => Ok(()),
    }
}
