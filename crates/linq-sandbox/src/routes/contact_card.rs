use http::StatusCode;
use linq_types::Handle;
use serde::Serialize;

use crate::{
    call::Call,
    check,
    error::ApiError,
    json,
    model::{Card, Line},
    response::{Answer, ApiResponse},
    shared::Shared,
};

#[derive(Serialize)]
struct CardView<'a> {
    phone_number: &'a Handle,
    first_name: &'a str,
    is_active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<&'a str>,
}

impl<'a> CardView<'a> {
    fn new(line: &'a Line) -> Option<Self> {
        let Card { first_name, last_name, image_url, .. } = line.card()?;
        Some(Self {
            phone_number: &line.phone_number,
            first_name,
            is_active: true,
            last_name: last_name.as_deref(),
            image_url: image_url.as_deref(),
        })
    }
}

pub(crate) fn create(shared: &Shared, call: &Call<'_>) -> Answer {
    let new: linq_types::contact_card::NewContactCard = json::read(call.body)?;
    check::phone_number("phone_number", &new.phone_number)?;
    shared.change(|store, now| {
        let line = store.create_card(now, new, call.trace_id)?;
        Ok(ApiResponse::json(StatusCode::CREATED, &CardView::new(line)))
    })
}

pub(crate) fn retrieve(shared: &Shared, call: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        contact_cards: Vec<CardView<'a>>,
    }

    let only = call.handle("phone_number")?;
    shared.read(|store| {
        if let Some(line) = &only {
            store.card(line)?;
        }
        let lines =
            store.lines.iter().filter(|line| only.as_ref().is_none_or(|only| *only == line.phone_number));
        let contact_cards = lines.filter_map(CardView::new).collect();
        Ok(ApiResponse::json(StatusCode::OK, &Body { contact_cards }))
    })
}

pub(crate) fn update(shared: &Shared, call: &Call<'_>) -> Answer {
    let line = call.handle("phone_number")?.ok_or_else(|| ApiError::missing("phone_number"))?;
    let update = json::read(call.body)?;
    shared.change(|store, now| {
        let line = store.update_card(now, &line, update, call.trace_id)?;
        Ok(ApiResponse::json(StatusCode::OK, &CardView::new(line)))
    })
}
