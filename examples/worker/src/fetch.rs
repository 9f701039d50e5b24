use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{Request, Response, header::CONTENT_ENCODING};
use js_sys::{Promise, Uint8Array};
use linq::{
    BackendFuture, Body, HttpBackend, TransportError, TransportErrorKind, backend::DEFAULT_MAX_RESPONSE_BYTES,
};
use send_wrapper::SendWrapper;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, ReadableStreamReadResult, RequestInit,
    RequestRedirect,
};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch)]
    fn fetch(request: &web_sys::Request) -> Promise;

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(then: &js_sys::Function, milliseconds: f64);

    #[wasm_bindgen(js_namespace = crypto, js_name = randomUUID)]
    pub(crate) fn random_uuid() -> String;
}

/// A backend on JavaScript's `fetch` and `setTimeout`.
#[derive(Debug)]
pub(crate) struct FetchBackend;

impl HttpBackend for FetchBackend {
    fn send(&self, request: Request<Body>) -> BackendFuture<Result<Response<Bytes>, TransportError>> {
        Box::pin(SendWrapper::new(async move {
            match exchange(request).await {
                Ok(Some(response)) => Ok(response),
                Ok(None) => Err(TransportError::new(TransportErrorKind::TooLarge)),
                Err(error) => {
                    Err(TransportError::with_source(TransportErrorKind::Other, format!("{error:?}")))
                }
            }
        }))
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        Box::pin(SendWrapper::new(async move {
            let timer = Promise::new(&mut |resolve, _| set_timeout(&resolve, duration.as_millis() as f64));
            let _ = JsFuture::from(timer).await;
        }))
    }

    fn now(&self) -> Option<SystemTime> {
        UNIX_EPOCH.checked_add(Duration::from_millis(js_sys::Date::now() as u64))
    }
}

/// Aborts the request when it is dropped.
struct Abort(AbortController);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Returns the response; `None` if its body is larger than the maximum.
async fn exchange(request: Request<Body>) -> Result<Option<Response<Bytes>>, JsValue> {
    let abort = Abort(AbortController::new()?);
    let fetched: web_sys::Response = JsFuture::from(fetch(&to_js(request, &abort)?)).await?.dyn_into()?;
    let Some(body) = read(&fetched).await? else { return Ok(None) };
    let mut response = Response::new(body);
    *response.status_mut() = fetched.status().try_into().map_err(JsError::from)?;
    *response.headers_mut() = crate::header_map(&fetched.headers())?;
    // `fetch` has decoded the body.
    response.headers_mut().remove(CONTENT_ENCODING);
    Ok(Some(response))
}

fn to_js(request: Request<Body>, abort: &Abort) -> Result<web_sys::Request, JsValue> {
    let (parts, body) = request.into_parts();
    let headers = Headers::new()?;
    for (name, value) in &parts.headers {
        headers.append(name.as_str(), value.to_str().map_err(JsError::from)?)?;
    }
    let init = RequestInit::new();
    init.set_method(parts.method.as_str());
    init.set_headers(&headers);
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&abort.0.signal()));
    if !body.is_empty() {
        let body = body.collect().map_err(JsError::from)?;
        init.set_body(&Uint8Array::from(&body[..]));
    }
    web_sys::Request::new_with_str_and_init(&parts.uri.to_string(), &init)
}

/// Reads the body; `None` if it is larger than the maximum.
async fn read(fetched: &web_sys::Response) -> Result<Option<Bytes>, JsValue> {
    let mut whole = Vec::new();
    let Some(body) = fetched.body() else { return Ok(Some(whole.into())) };
    let reader: ReadableStreamDefaultReader = body.get_reader().dyn_into()?;
    loop {
        let piece: ReadableStreamReadResult = JsFuture::from(reader.read()).await?.unchecked_into();
        if piece.get_done() == Some(true) {
            return Ok(Some(whole.into()));
        }
        let piece: Uint8Array = piece.get_value().dyn_into()?;
        if whole.len() + piece.length() as usize > DEFAULT_MAX_RESPONSE_BYTES {
            return Ok(None);
        }
        whole.extend_from_slice(&piece.to_vec());
    }
}
