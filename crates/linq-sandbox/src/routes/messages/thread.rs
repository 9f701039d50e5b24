use http::Method;
use linq_types::{error::ErrorCode, messages::ThreadOrder};

use crate::{
    error::ApiError,
    routes::{Answer, Call, chats::messages},
    shared::Shared,
};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, message_id: &str) -> Option<Result<Answer, ApiError>> {
    match *call.method {
        Method::GET => Some(list(shared, call, message_id)),
        _ => None,
    }
}

fn list(shared: &Shared, call: &Call<'_>, message_id: &str) -> Result<Answer, ApiError> {
    let order = match call.parameter("order").as_deref() {
        None => ThreadOrder::Asc,
        Some(order) => ThreadOrder::from(order),
    };
    if matches!(order, ThreadOrder::Unknown(_)) {
        return Err(ApiError::new(ErrorCode::INVALID_PARAMETER, "`order` must be asc or desc"));
    }
    shared.read(|store| {
        let message = store.message(message_id)?;
        messages::page(store, call, &store.thread(message), &order)
    })
}
