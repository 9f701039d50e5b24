use http::Method;

use crate::{
    error::ApiError,
    routes::{Answer, Call},
    shared::Shared,
};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, chat_id: &str) -> Option<Result<Answer, ApiError>> {
    match *call.method {
        Method::POST => Some(share(shared, chat_id)),
        _ => None,
    }
}

fn share(shared: &Shared, chat_id: &str) -> Result<Answer, ApiError> {
    shared.change(|store, now| store.share_contact_card(now, chat_id))?;
    Ok(Answer::no_content())
}
