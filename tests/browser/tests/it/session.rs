//! The WebDriver protocol: JSON over HTTP.

use std::fmt;

use reqwest::Method;
use serde_json::{Value, json};

use super::driver::Driver;

/// A browser that WebDriver controls.
#[derive(Debug)]
pub(super) struct Session {
    url: String,
}

/// What a command responded instead of a value.
#[derive(Debug)]
pub(super) struct Failed {
    /// The name of the error, such as `stale element reference`.
    pub(super) error: String,
    message: String,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error, self.message)
    }
}

impl Session {
    /// Starts a browser.
    pub(super) async fn start(driver: &Driver) -> Self {
        let capabilities = json!({
            "goog:chromeOptions": {
                "binary": driver.chromium,
                "args": [
                    "--headless=new",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--disable-breakpad",
                    // Windows in the background run like the one in front.
                    "--disable-background-timer-throttling",
                    "--disable-backgrounding-occluded-windows",
                    "--disable-renderer-backgrounding",
                    "--force-device-scale-factor=1",
                    "--lang=en-US",
                    "--no-proxy-server",
                    format!("--user-data-dir={}", driver.profile()),
                ],
            },
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "script": 60_000 },
        });
        let body = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let started = send(Method::POST, &format!("{}/session", driver.url), Some(&body)).await.unwrap();
        let id = started["sessionId"].as_str().unwrap();
        Self { url: format!("{}/session/{id}", driver.url) }
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value, Failed> {
        send(Method::GET, &format!("{}/{path}", self.url), None).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Result<Value, Failed> {
        send(Method::POST, &format!("{}/{path}", self.url), Some(&body)).await
    }

    pub(super) async fn delete(&self, path: &str) -> Result<Value, Failed> {
        send(Method::DELETE, &format!("{}/{path}", self.url), None).await
    }

    /// Executes a command of the Chrome DevTools Protocol.
    pub(super) async fn devtools(&self, command: &str, parameters: Value) {
        self.post("goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await.unwrap();
    }
}

async fn send(method: Method, url: &str, body: Option<&Value>) -> Result<Value, Failed> {
    // A connection belongs to the runtime of a test, so there is no client for all of them.
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = client.request(method, url);
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    let response = request.send().await.unwrap();
    let succeeded = response.status().is_success();
    let mut body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    let value = body["value"].take();
    if succeeded {
        return Ok(value);
    }
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    Err(Failed { error: text("error"), message: text("message") })
}
