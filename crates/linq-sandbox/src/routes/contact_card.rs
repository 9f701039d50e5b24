use http::{Method, StatusCode};
use linq_types::Handle;
use serde::Serialize;

use super::{Answer, Call};
use crate::{
    error::ApiError,
    handle, json,
    shared::Shared,
    store::{Card, Line},
};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, rest: &[&str]) -> Option<Result<Answer, ApiError>> {
    Some(match (call.method, rest) {
        (&Method::POST, []) => create(shared, call),
        (&Method::GET, []) => retrieve(shared, call),
        (&Method::PATCH, []) => update(shared, call),
        _ => return None,
    })
}

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

fn create(shared: &Shared, call: &Call<'_>) -> Result<Answer, ApiError> {
    let new: linq_types::contact_card::NewContactCard = json::read(call.body)?;
    handle::check_phone_number("phone_number", &new.phone_number)?;
    shared.change(|store, now| {
        let line = store.create_card(now, new, call.trace_id)?;
        Ok(Answer::json(StatusCode::CREATED, &CardView::new(line)))
    })
}

fn retrieve(shared: &Shared, call: &Call<'_>) -> Result<Answer, ApiError> {
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
        Ok(Answer::json(StatusCode::OK, &Body { contact_cards }))
    })
}

fn update(shared: &Shared, call: &Call<'_>) -> Result<Answer, ApiError> {
    let line = call.handle("phone_number")?.ok_or_else(|| ApiError::missing("phone_number"))?;
    let update = json::read(call.body)?;
    shared.change(|store, now| {
        let line = store.update_card(now, &line, update, call.trace_id)?;
        Ok(Answer::json(StatusCode::OK, &CardView::new(line)))
    })
}
