//! `data` of the events about the account itself.

use linq_types::{Handle, WebhookSubscriptionId, events::EventType};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    clock::Moment,
    json,
    model::{Card, Subscription},
};

#[derive(Serialize)]
struct Data<'a> {
    actor: Actor,
    occurred_at: Moment,
    origin: &'static str,
    summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<&'a Handle>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_card: Option<CardView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_subscription: Option<SubscriptionView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<Box<RawValue>>,
}

#[derive(Serialize)]
struct Actor {
    r#type: &'static str,
}

#[derive(Serialize)]
struct CardView<'a> {
    id: &'a str,
    first_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<&'a str>,
}

#[derive(Serialize)]
struct SubscriptionView<'a> {
    id: &'a WebhookSubscriptionId,
    target_url: &'a str,
    events: &'a [EventType],
}

/// A value before and after.
#[derive(Serialize)]
struct Change<T> {
    from: T,
    to: T,
}

impl<T: PartialEq> Change<T> {
    fn between(from: T, to: T) -> Option<Self> {
        (from != to).then_some(Self { from, to })
    }
}

impl<'a> Data<'a> {
    /// Everything in the account is done through the API.
    fn new(now: Moment, summary: impl Into<String>) -> Self {
        Self {
            actor: Actor { r#type: "api" },
            occurred_at: now,
            origin: "api",
            summary: summary.into(),
            phone_number: None,
            contact_card: None,
            webhook_subscription: None,
            change: None,
        }
    }

    fn with_card(self, phone_number: &'a Handle, card: &'a Card) -> Self {
        let card = CardView {
            id: &card.id,
            first_name: &card.first_name,
            last_name: card.last_name.as_deref(),
            image_url: card.image_url.as_deref(),
        };
        Self { phone_number: Some(phone_number), contact_card: Some(card), ..self }
    }
}

/// `data` of `phone_number.forwarding_updated`.
pub(crate) fn forwarding_updated(
    now: Moment,
    line: &Handle,
    from: Option<&Handle>,
    to: Option<&Handle>,
) -> Box<RawValue> {
    json::raw(&Data {
        phone_number: Some(line),
        change: Some(json::raw(&Change { from, to })),
        ..Data::new(now, format!("Forwarding of {line} changed"))
    })
}

/// `data` of `contact_card.created`.
pub(crate) fn card_created(now: Moment, line: &Handle, card: &Card) -> Box<RawValue> {
    json::raw(&Data::new(now, format!("Contact card of {line} created")).with_card(line, card))
}

/// `data` of `contact_card.updated`.
pub(crate) fn card_updated(now: Moment, line: &Handle, before: &Card, card: &Card) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Changes<'a> {
        #[serde(skip_serializing_if = "Option::is_none")]
        first_name: Option<Change<&'a str>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        last_name: Option<Change<Option<&'a str>>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        image_url: Option<Change<Option<&'a str>>>,
    }

    let changes = Changes {
        first_name: Change::between(before.first_name.as_str(), card.first_name.as_str()),
        last_name: Change::between(before.last_name.as_deref(), card.last_name.as_deref()),
        image_url: Change::between(before.image_url.as_deref(), card.image_url.as_deref()),
    };
    json::raw(&Data {
        change: Some(json::raw(&changes)),
        ..Data::new(now, format!("Contact card of {line} updated")).with_card(line, card)
    })
}

/// `data` of the `webhook_subscription` events.
pub(crate) fn subscription(
    now: Moment,
    subscription: &Subscription,
    summary: &str,
    change: Option<&RawValue>,
) -> Box<RawValue> {
    let view = SubscriptionView {
        id: &subscription.id,
        target_url: &subscription.target_url,
        events: &subscription.events,
    };
    json::raw(&Data {
        webhook_subscription: Some(view),
        change: change.map(ToOwned::to_owned),
        ..Data::new(now, summary)
    })
}

/// The values before and after, for the events above.
pub(crate) fn change<T: Serialize>(from: T, to: T) -> Box<RawValue> {
    json::raw(&Change { from, to })
}
