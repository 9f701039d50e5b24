use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response};
use js_sys::{Array, ArrayBuffer, Promise, Uint8Array};
use linq::{BackendFuture, Body, HttpBackend, TransportError, TransportErrorKind};
use send_wrapper::SendWrapper;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestInit, RequestRedirect};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch)]
    fn fetch(request: &web_sys::Request) -> Promise;

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(then: &js_sys::Function, milliseconds: f64);

    #[wasm_bindgen(js_namespace = crypto, js_name = randomUUID)]
    pub(crate) fn random_uuid() -> String;
}

/// Sends with JavaScript's `fetch`, and waits with its `setTimeout`.
#[derive(Debug)]
pub(crate) struct FetchBackend;

impl HttpBackend for FetchBackend {
    fn send(&self, request: Request<Body>) -> BackendFuture<Result<Response<Bytes>, TransportError>> {
        Box::pin(SendWrapper::new(async move {
            exchange(request)
                .await
                .map_err(|error| TransportError::with_source(TransportErrorKind::Other, format!("{error:?}")))
        }))
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        Box::pin(SendWrapper::new(async move {
            let timer = Promise::new(&mut |resolve, _| set_timeout(&resolve, duration.as_millis() as f64));
            let _ = JsFuture::from(timer).await;
        }))
    }
}

/// Aborts the request when it is no longer waited for.
struct Abort(AbortController);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn exchange(request: Request<Body>) -> Result<Response<Bytes>, JsValue> {
    let abort = Abort(AbortController::new()?);
    let response = JsFuture::from(fetch(&to_js(request, &abort)?)).await?;
    from_js(response.dyn_into()?).await
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

async fn from_js(answer: web_sys::Response) -> Result<Response<Bytes>, JsValue> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = answer.status().try_into().map_err(JsError::from)?;
    for pair in answer.headers().entries() {
        let pair = Array::from(&pair?);
        let (name, value) = (pair.get(0).as_string(), pair.get(1).as_string());
        let name: HeaderName = name.unwrap_or_default().parse().map_err(JsError::from)?;
        let value: HeaderValue = value.unwrap_or_default().parse().map_err(JsError::from)?;
        response.headers_mut().append(name, value);
    }
    let body: ArrayBuffer = JsFuture::from(answer.array_buffer()?).await?.dyn_into()?;
    *response.body_mut() = Uint8Array::new(&body).to_vec().into();
    Ok(response)
}
