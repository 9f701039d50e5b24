use http::Method;
use linq_types::{MessageId, messages::UpdateAppCard};

use crate::{
    error::ApiError,
    json,
    routes::{Answer, Call, chats::messages},
    shared::Shared,
};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, message_id: &str) -> Option<Result<Answer, ApiError>> {
    match *call.method {
        Method::POST => Some(update(shared, call, message_id)),
        _ => None,
    }
}

fn update(shared: &Shared, call: &Call<'_>, message_id: &str) -> Result<Answer, ApiError> {
    let update: UpdateAppCard = json::read(call.body)?;
    shared.change(|store, now| {
        store.update_app_card(now, message_id, update)?;
        messages::sent(store, &MessageId::from(message_id))
    })
}
