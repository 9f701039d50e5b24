//! A bot for JavaScript workers: JavaScript passes the headers and the body of a webhook, and the bot replies to the message
//! with `fetch`. It needs no tokio, no threads and no clock.
//!
//! ```js
//! const bot = new Bot(signingSecret, apiKey, "https://api.linqapp.com/api/partner");
//! const { status, reason, event } = await bot.receive(request.headers, body, Date.now() / 1000);
//! ```

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use js_sys::{Array, JSON};
use linq::{prelude::*, types::Timestamp};
use wasm_bindgen::prelude::*;
use web_sys::console;

use crate::fetch::FetchBackend;

mod fetch;

struct Replies {
    linq: Client,
}

#[linq_handler(error = linq::Error)]
impl Replies {
    #[on]
    async fn reply(&self, message: MessageReceived, keys: EventKeys) -> Result<(), linq::Error> {
        let reply = format!("You wrote: {}", message.text());
        let reply = self.linq.chats().messages(&message.chat.id).send(reply);
        // The API executes the send once for each event, however often the event is delivered.
        reply.idempotency_key(keys.key("reply")).await?;
        Ok(())
    }
}

/// The bot, exported to JavaScript.
#[wasm_bindgen]
pub struct Bot {
    verifier: Verifier,
    receiver: Receiver<Replies>,
}

#[wasm_bindgen]
impl Bot {
    /// Creates a bot with the signing secret of a subscription, the API key and the base URL of the API.
    ///
    /// # Errors
    ///
    /// Returns an error if one of them is invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(signing_secret: &str, api_key: &str, base_url: &str) -> Result<Bot, JsError> {
        let linq = Client::builder()
            .api_key(api_key)
            .base_url(base_url)
            .key_source(|| fetch::random_uuid().into())
            .build(FetchBackend)?;
        let verifier = Verifier::new(signing_secret)?;
        let receiver = Receiver::new(verifier.clone(), Replies { linq })
            .on_error(|error| console::error_1(&error.to_string().into()));
        Ok(Self { verifier, receiver })
    }

    /// Processes a delivery: the headers as pairs of name and value, the body as received, and the time in seconds since
    /// 1970.
    ///
    /// # Errors
    ///
    /// Returns an error if the headers are not pairs of text, or if the time is out of range.
    pub async fn receive(&self, headers: JsValue, body: Vec<u8>, now: f64) -> Result<HookResponse, JsValue> {
        let mut delivery = Request::new(Bytes::from(body));
        *delivery.headers_mut() = header_map(&headers)?;
        let now = Timestamp::from_unix(now as i64, 0).map_err(JsError::from)?;
        let event = self.event(&delivery, now).map(|event| to_js(&event)).transpose()?;
        let response = self.receiver.respond_at(delivery, now).await;
        let reason = String::from_utf8_lossy(response.body()).into_owned();
        Ok(HookResponse {
            status: response.status().as_u16(),
            reason,
            event: event.unwrap_or(JsValue::UNDEFINED),
        })
    }

    /// Returns the event for JavaScript, if it is verified and can be parsed.
    fn event(&self, delivery: &Request<Bytes>, now: Timestamp) -> Option<Event> {
        let verified = self.verifier.verify_at(delivery.headers(), delivery.body().clone(), now).ok()?;
        verified.parse().ok()
    }
}

fn to_js(event: &Event) -> Result<JsValue, JsValue> {
    let json = serde_json::to_string(event).map_err(JsError::from)?;
    JSON::parse(&json)
}

/// The response to a delivery.
#[wasm_bindgen(getter_with_clone)]
pub struct HookResponse {
    /// The status code.
    pub status: u16,
    /// The body: why the delivery was rejected; empty if it was not.
    pub reason: String,
    /// The event; `undefined` if the delivery is not verified.
    pub event: JsValue,
}

fn header_map(pairs: &JsValue) -> Result<HeaderMap, JsValue> {
    let mut headers = HeaderMap::new();
    let pairs =
        js_sys::try_iter(pairs)?.ok_or_else(|| JsError::new("headers must be pairs of name and value"))?;
    for pair in pairs {
        let pair = Array::from(&pair?);
        let name = pair.get(0).as_string().unwrap_or_default();
        let value = pair.get(1).as_string().unwrap_or_default();
        let name: HeaderName = name.parse().map_err(JsError::from)?;
        headers.append(name, HeaderValue::from_str(&value).map_err(JsError::from)?);
    }
    Ok(headers)
}
