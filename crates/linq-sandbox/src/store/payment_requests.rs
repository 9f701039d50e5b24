use std::{collections::BTreeMap, time::Duration};

use linq_types::{
    Handle, PaymentRequestId, TraceId,
    error::ErrorCode,
    events::EventType,
    payment_requests::{NewPaymentRequest, PaymentRail, PaymentRequestMode, PaymentRequestStatus},
};

use super::{Store, conversations::Conversations, effects::Event};
use crate::{
    check,
    clock::Moment,
    error::ApiError,
    events,
    model::{Chat, Line, PaymentRequest, Timer},
};

const EXPIRES_AFTER: Duration = Duration::from_secs(24 * 60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const MAX_METADATA: usize = 49;
/// What a price costs: the sandbox knows no prices.
const PRICE: i64 = 1_000;

impl Store {
    pub(crate) fn request_payment(
        &mut self,
        now: Moment,
        asked: NewPaymentRequest,
    ) -> Result<&PaymentRequest, ApiError> {
        let mode = mode_of(&asked)?;
        let rail = match &asked.rail {
            Some(PaymentRail::Unknown(_)) => {
                return Err(ApiError::invalid("`rail` must be stripe or natural"));
            }
            rail => rail.clone().unwrap_or(PaymentRail::Stripe),
        };
        let (amount, currency) = price_of(&asked, &mode)?;
        check_metadata(asked.metadata.as_ref())?;
        if let Some(line) = &asked.from {
            self.check_line("from", line)?;
        }
        if let Some(payer) = &asked.payer_handle {
            check::handle("payer_handle", payer)?;
        }
        if !self.provider_is_ready(rail.as_str()) {
            return Err(ApiError::new(
                ErrorCode::FEATURE_NOT_ENABLED,
                format!("no account at `{rail}` is connected"),
            ));
        }
        let id = PaymentRequestId::from(self.ids.uuid());
        let trial = asked.trial_period_days.map(|days| (now + DAY * days).timestamp());
        let expires_at = now + EXPIRES_AFTER;
        self.effects.schedule(expires_at, Timer::ExpirePaymentRequest(id.clone()));
        let request = PaymentRequest {
            checkout_url: format!("{}/pay/{id}", self.attachments.origin),
            id,
            mode,
            rail,
            status: PaymentRequestStatus::Requested,
            amount,
            currency,
            trial_end: asked.trial_end.or(trial),
            asked,
            created_at: now,
            updated_at: now,
            expires_at,
            paid_at: None,
            receipt: None,
        };
        let id = request.id.clone();
        self.payment_requests.insert(id.clone(), request);
        self.payment_request_ids.push(id.clone());
        self.payment_request(id.as_str())
    }

    pub(crate) fn payment_request(&self, id: &str) -> Result<&PaymentRequest, ApiError> {
        self.payment_requests.get(id).ok_or_else(|| not_found(id))
    }

    /// Newest first.
    pub(crate) fn payment_requests(
        &self,
        status: Option<&PaymentRequestStatus>,
    ) -> impl Iterator<Item = &PaymentRequest> {
        let requests = self.payment_request_ids.iter().rev().filter_map(|id| self.payment_requests.get(id));
        requests.filter(move |request| status.is_none_or(|status| request.status == *status))
    }

    pub(crate) fn cancel_payment_request(
        &mut self,
        now: Moment,
        id: &str,
        trace_id: &TraceId,
    ) -> Result<&PaymentRequest, ApiError> {
        self.end_request(now, id, PaymentRequestStatus::Canceled, trace_id)
    }

    /// A person pays.
    pub(crate) fn pay(&mut self, now: Moment, id: &str, payer: &Handle) -> Result<(), ApiError> {
        self.check_person(payer)?;
        let request = self.payment_request(id)?;
        if request.asked.payer_handle.as_ref().is_some_and(|asked| asked != payer) {
            return Err(ApiError::invalid("somebody else is asked to pay"));
        }
        let trace_id = self.ids.trace_id();
        self.end_request(now, id, PaymentRequestStatus::Succeeded, &trace_id).map(drop)
    }

    pub(crate) fn expire_payment_request(&mut self, now: Moment, id: &PaymentRequestId) {
        let trace_id = self.ids.trace_id();
        // One that was paid or called off in time stays so.
        let _ = self.end_request(now, id.as_str(), PaymentRequestStatus::Expired, &trace_id);
    }

    fn end_request(
        &mut self,
        now: Moment,
        id: &str,
        status: PaymentRequestStatus,
        trace_id: &TraceId,
    ) -> Result<&PaymentRequest, ApiError> {
        let request = self.payment_requests.get_mut(id).ok_or_else(|| not_found(id))?;
        if request.status != PaymentRequestStatus::Requested {
            return Err(ApiError::new(
                ErrorCode::CONFLICT,
                format!("the payment request `{id}` is {} already", request.status),
            ));
        }
        let event_type = match status {
            PaymentRequestStatus::Succeeded => {
                request.paid_at = Some(now);
                request.receipt = Some(self.ids.uuid().replace('-', ""));
                EventType::PaymentSucceeded
            }
            PaymentRequestStatus::Canceled => EventType::PaymentCanceled,
            _ => EventType::PaymentExpired,
        };
        (request.status, request.updated_at) = (status, now);
        let event = match &request.asked.from {
            Some(line) => Event::about_line(now, &event_type, line, trace_id),
            None => Event::about_account(now, &event_type, trace_id),
        };
        let event = event.noted_in(direct_chat(&self.conversations, &self.lines, &request.asked));
        self.effects.publish(&self.subscriptions, event, |_| events::payment(request));
        Ok(request)
    }
}

/// Returns the chat in which somebody is asked to pay: the one with the line that asks, or else with the first line that has
/// one.
fn direct_chat<'s>(
    conversations: &'s Conversations,
    lines: &'s [Line],
    asked: &NewPaymentRequest,
) -> Option<&'s Chat> {
    let payer = std::slice::from_ref(asked.payer_handle.as_ref()?);
    let lines = lines.iter().map(|line| &line.phone_number);
    let mut lines = lines.filter(|line| asked.from.as_ref().is_none_or(|from| from == *line));
    lines.find_map(|line| conversations.find(line, payer))
}

/// Once or again and again. Fields of both together are refused.
fn mode_of(asked: &NewPaymentRequest) -> Result<PaymentRequestMode, ApiError> {
    let mode = match &asked.mode {
        Some(PaymentRequestMode::Unknown(_)) => {
            return Err(ApiError::invalid("`mode` must be payment or subscription"));
        }
        Some(mode) => mode.clone(),
        None if asked.price_id.is_some() => PaymentRequestMode::Subscription,
        None => PaymentRequestMode::Payment,
    };
    let foreign = match mode {
        PaymentRequestMode::Subscription => [
            ("amount", asked.amount.is_some()),
            ("currency", asked.currency.is_some()),
            ("", false),
            ("", false),
        ],
        _ => [
            ("price_id", asked.price_id.is_some()),
            ("quantity", asked.quantity.is_some()),
            ("trial_period_days", asked.trial_period_days.is_some()),
            ("trial_end", asked.trial_end.is_some()),
        ],
    };
    match foreign.iter().find(|(_, is_given)| *is_given) {
        Some((field, _)) => Err(ApiError::invalid(format!("`{field}` is not for the mode `{mode}`"))),
        None => Ok(mode),
    }
}

fn price_of(asked: &NewPaymentRequest, mode: &PaymentRequestMode) -> Result<(i64, String), ApiError> {
    if *mode == PaymentRequestMode::Subscription {
        asked.price_id.as_ref().ok_or_else(|| ApiError::missing("price_id"))?;
        let quantity = i64::try_from(asked.quantity.unwrap_or(1)).unwrap_or(i64::MAX);
        return match quantity {
            0 => Err(ApiError::invalid("`quantity` must be more than 0")),
            quantity => Ok((PRICE.saturating_mul(quantity), "usd".to_owned())),
        };
    }
    let amount = asked.amount.ok_or_else(|| ApiError::missing("amount"))?;
    if amount <= 0 {
        return Err(ApiError::invalid("`amount` must be more than 0"));
    }
    let currency = asked.currency.as_deref().ok_or_else(|| ApiError::missing("currency"))?;
    check_currency(currency)?;
    Ok((amount, currency.to_ascii_lowercase()))
}

pub(super) fn check_currency(currency: &str) -> Result<(), ApiError> {
    if currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(());
    }
    Err(ApiError::invalid("`currency` must have three letters, such as usd"))
}

pub(super) fn check_metadata(metadata: Option<&BTreeMap<String, String>>) -> Result<(), ApiError> {
    let Some(metadata) = metadata else { return Ok(()) };
    if metadata.len() > MAX_METADATA {
        return Err(ApiError::invalid("`metadata` has more than 49 keys"));
    }
    match metadata.keys().find(|key| key.starts_with("linq_")) {
        Some(key) => Err(ApiError::invalid(format!("`metadata.{key}`: keys may not begin with linq_"))),
        None => Ok(()),
    }
}

fn not_found(id: &str) -> ApiError {
    ApiError::not_found(ErrorCode::PAYMENT_REQUEST_NOT_FOUND, "payment request", id)
}
