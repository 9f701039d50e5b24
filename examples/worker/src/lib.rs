//! A bot for a worker: JavaScript hands it the headers and the body of a webhook, and it answers the message
//! through JavaScript's `fetch`. No tokio, no threads, no clock.
//!
//! ```js
//! const bot = new Bot(signingSecret, apiKey, "https://api.linqapp.com/api/partner");
//! const { status, event } = await bot.receive(request.headers, body, Date.now() / 1000);
//! ```

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use js_sys::{Array, JSON, Object, Reflect};
use linq::{
    Client,
    webhooks::{EventHandler, Verifier, events::MessageReceived, linq_handler},
};
use wasm_bindgen::prelude::*;

use crate::fetch::FetchBackend;

mod fetch;

struct Answers {
    linq: Client,
}

#[linq_handler(error = linq::Error)]
impl Answers {
    #[on]
    async fn answer(&self, message: MessageReceived) -> Result<(), linq::Error> {
        let reply = format!("You wrote: {}", message.text());
        self.linq.chats().messages(&message.chat.id).send(reply).await?;
        Ok(())
    }
}

/// The bot, as JavaScript sees it.
#[wasm_bindgen]
pub struct Bot {
    verifier: Verifier,
    answers: Answers,
}

#[wasm_bindgen]
impl Bot {
    /// Makes a bot of the secret of a subscription, and of the key and the address of the API.
    ///
    /// # Errors
    ///
    /// When one of them cannot be what it should be.
    #[wasm_bindgen(constructor)]
    pub fn new(signing_secret: &str, api_key: &str, base_url: &str) -> Result<Bot, JsError> {
        let linq = Client::builder()
            .api_key(api_key)
            .base_url(base_url)
            .key_source(|| fetch::random_uuid().into())
            .build(FetchBackend)?;
        Ok(Self { verifier: Verifier::new(signing_secret)?, answers: Answers { linq } })
    }

    /// Takes a delivery: headers as pairs of name and value, the body as it came, and the time in seconds since
    /// 1970. Gives `{ status, event }`: what to answer, and the event if there is one.
    ///
    /// # Errors
    ///
    /// When the headers are no pairs of text.
    pub async fn receive(&self, headers: JsValue, body: Vec<u8>, now: f64) -> Result<JsValue, JsValue> {
        let headers = header_map(&headers)?;
        let Ok(verified) = self.verifier.verify_at(&headers, Bytes::from(body), now as i64) else {
            return answer(StatusCode::UNAUTHORIZED, &JsValue::UNDEFINED);
        };
        let Ok(event) = verified.parse() else {
            return answer(StatusCode::BAD_REQUEST, &JsValue::UNDEFINED);
        };
        let shown = serde_json::to_string(&event).map_err(JsError::from)?;
        let status = match self.answers.handle(event).await {
            Ok(outcome) => outcome.status(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        answer(status, &JSON::parse(&shown)?)
    }
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

fn answer(status: StatusCode, event: &JsValue) -> Result<JsValue, JsValue> {
    let answer = Object::new();
    Reflect::set(&answer, &"status".into(), &status.as_u16().into())?;
    Reflect::set(&answer, &"event".into(), event)?;
    Ok(answer.into())
}
