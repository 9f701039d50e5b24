use serde_json::value::RawValue;

use crate::{json, model::PaymentRequest, views::PaymentRequestView};

/// `data` of the `payment` events.
pub(crate) fn payment(request: &PaymentRequest) -> Box<RawValue> {
    json::raw(&PaymentRequestView::of_event(request))
}
