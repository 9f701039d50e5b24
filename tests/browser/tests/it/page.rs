//! A window with the page.

use std::{fmt, fs, path::Path, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use super::{
    browser::{Browser, screen},
    session::{Failed, Session},
};

const TIMEOUT: Duration = Duration::from_secs(30);

/// What WebDriver responds about an element that the page is just replacing, moving or covering.
const PASSING: [&str; 4] =
    ["stale element reference", "element click intercepted", "element not interactable", "no such element"];

/// The key of elements in the JSON of WebDriver.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Finds the first visible element of a selector whose text contains a text.
const FIND: &str = "
const [selector, text] = arguments;
const has = (element) => (element.tagName === 'OPTION' || element.checkVisibility()) && (!text || element.textContent.includes(text));
return [...document.querySelectorAll(selector)].find(has) ?? null;
";

/// Which element: the first visible one of a CSS selector, with a text if it is not empty. `@send` in a selector is short for
/// `[data-testid="send"]`.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    selector: &'a str,
    text: &'a str,
}

impl<'a> From<&'a str> for At<'a> {
    fn from(selector: &'a str) -> Self {
        Self { selector, text: "" }
    }
}

impl<'a> From<&'a String> for At<'a> {
    fn from(selector: &'a String) -> Self {
        Self { selector, text: "" }
    }
}

impl<'a> From<(&'a str, &'a str)> for At<'a> {
    fn from((selector, text): (&'a str, &'a str)) -> Self {
        Self { selector, text }
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} with {:?}", self.selector, self.text)
    }
}

/// Writes out the hooks of a selector.
fn css(selector: &str) -> String {
    let mut pieces = selector.split('@');
    let mut css = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end =
            piece.find(|c: char| !c.is_alphanumeric() && !['-', '_'].contains(&c)).unwrap_or(piece.len());
        let (hook, rest) = piece.split_at(end);
        css.push_str(&format!("[data-testid=\"{hook}\"]{rest}"));
    }
    css
}

/// A window. Everything waits for what it needs, and fails with a picture of the window after a timeout.
pub(super) struct Page<'a> {
    browser: &'a Browser,
    window: Value,
}

impl<'a> Page<'a> {
    pub(super) fn new(browser: &'a Browser, window: Value) -> Self {
        Self { browser, window }
    }

    /// The session, with this window in front.
    pub(super) async fn session(&self) -> &Session {
        self.browser.switch_to(&self.window).await;
        self.browser.session()
    }

    pub(super) async fn go(&self, url: &str) {
        self.session().await.post("url", json!({ "url": url })).await.unwrap();
    }

    pub(super) async fn reload(&self) {
        self.session().await.post("refresh", json!({})).await.unwrap();
    }

    pub(super) async fn url(&self) -> String {
        self.session().await.get("url").await.unwrap().as_str().unwrap().to_owned()
    }

    /// Runs a script, whose `arguments` are these, and returns what it returns.
    pub(super) async fn run(&self, script: &str, arguments: Value) -> Value {
        let body = json!({ "script": script, "args": arguments });
        self.session().await.post("execute/sync", body).await.unwrap()
    }

    /// Runs a script that calls the last of its `arguments` with a result, and returns that.
    pub(super) async fn run_async(&self, script: &str, arguments: Value) -> Value {
        let body = json!({ "script": script, "args": arguments });
        self.session().await.post("execute/async", body).await.unwrap()
    }

    /// Waits for a condition. It fails with what was waited for.
    pub(super) async fn until<T>(
        &self,
        what: impl fmt::Display,
        mut get: impl AsyncFnMut() -> Option<T>,
    ) -> T {
        let waits = timeout(TIMEOUT, async {
            loop {
                if let Some(value) = get().await {
                    return value;
                }
                sleep(Duration::from_millis(50)).await;
            }
        });
        match waits.await {
            Ok(value) => value,
            Err(_) => {
                let picture = Path::new(env!("CARGO_TARGET_TMPDIR")).join("failed.png");
                self.picture(&picture).await;
                let text = self.run("return document.body.innerText", json!([])).await;
                let complaints = self.browser.complaints().await;
                panic!(
                    "timed out: {what}\nthe window: {}\nits log: {complaints:#?}\nits text:\n{}",
                    picture.display(),
                    text.as_str().unwrap_or_default(),
                )
            }
        }
    }

    /// Waits until an element is visible.
    pub(super) async fn see<'b>(&self, at: impl Into<At<'b>>) -> Value {
        let at = at.into();
        self.until(format_args!("{at} is visible"), async || self.find(at).await).await
    }

    /// Waits until no such element is visible.
    pub(super) async fn see_no<'b>(&self, at: impl Into<At<'b>>) {
        let at = at.into();
        self.until(format_args!("{at} is gone"), async || self.find(at).await.is_none().then_some(())).await;
    }

    /// Clicks an element.
    pub(super) async fn click<'b>(&self, at: impl Into<At<'b>>) {
        self.act(at.into(), "click", json!({})).await;
    }

    /// Types a text into an element. `\u{E007}` is the Enter key.
    pub(super) async fn type_into<'b>(&self, at: impl Into<At<'b>>, text: &str) {
        self.act(at.into(), "value", json!({ "text": text })).await;
    }

    /// Chooses a file in a field, which need not be visible.
    pub(super) async fn choose_file(&self, selector: &str, file: &Path) {
        let script = "return document.querySelector(arguments[0])";
        let element = self.run(script, json!([css(selector)])).await;
        let path = format!("element/{}/value", element[ELEMENT].as_str().unwrap());
        self.session().await.post(&path, json!({ "text": file })).await.unwrap();
    }

    /// Chooses an option of a list by its value.
    pub(super) async fn choose(&self, selector: &str, value: &str) {
        self.click(&*format!("{selector} option[value=\"{value}\"]")).await;
    }

    /// Chooses an option of a list by its text.
    pub(super) async fn choose_text(&self, selector: &str, text: &str) {
        self.click((&*format!("{selector} option"), text)).await;
    }

    /// Moves the pointer over an element.
    pub(super) async fn hover<'b>(&self, at: impl Into<At<'b>>) {
        let element = self.see(at).await;
        let to = json!({ "type": "pointerMove", "duration": 0, "origin": element, "x": 0, "y": 0 });
        let pointer = json!({ "type": "pointer", "id": "mouse", "actions": [to] });
        self.session().await.post("actions", json!({ "actions": [pointer] })).await.unwrap();
    }

    /// Returns the background color of an element.
    pub(super) async fn color<'b>(&self, at: impl Into<At<'b>>) -> String {
        let element = self.see(at).await;
        let color = self.run("return getComputedStyle(arguments[0]).backgroundColor", json!([element])).await;
        color.as_str().unwrap().to_owned()
    }

    /// Replaces the text of a field.
    pub(super) async fn fill<'b>(&self, at: impl Into<At<'b>> + Copy, text: &str) {
        self.act(at.into(), "clear", json!({})).await;
        self.type_into(at, text).await;
    }

    /// Returns the text of an element, with that of its parts that are not visible.
    pub(super) async fn text<'b>(&self, at: impl Into<At<'b>>) -> String {
        let element = self.see(at).await;
        let text = self.run("return arguments[0].textContent", json!([element])).await;
        text.as_str().unwrap().to_owned()
    }

    /// Returns how many elements a selector has.
    pub(super) async fn count(&self, selector: &str) -> u64 {
        let count =
            self.run("return document.querySelectorAll(arguments[0]).length", json!([css(selector)])).await;
        count.as_u64().unwrap()
    }

    /// Sets the size of the screen.
    pub(super) async fn resize(&self, width: u32, height: u32) {
        self.session().await.devtools("Emulation.setDeviceMetricsOverride", screen(width, height)).await;
    }

    /// Sets `prefers-color-scheme`.
    pub(super) async fn prefer(&self, scheme: &str) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.session().await.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Writes a picture of the window, as PNG.
    pub(super) async fn picture(&self, file: &Path) {
        let picture = self.session().await.get("screenshot").await.unwrap();
        fs::write(file, BASE64_STANDARD.decode(picture.as_str().unwrap()).unwrap()).unwrap();
    }

    async fn find(&self, at: At<'_>) -> Option<Value> {
        let found = self.run(FIND, json!([css(at.selector), at.text])).await;
        (!found.is_null()).then_some(found)
    }

    /// Does something with an element as soon as it can be done.
    async fn act(&self, at: At<'_>, action: &str, body: Value) {
        let what = format!("{action} {at}");
        self.until(what, async || {
            let element = self.find(at).await?;
            let path = format!("element/{}/{action}", element[ELEMENT].as_str().unwrap());
            match self.session().await.post(&path, body.clone()).await {
                Ok(_) => Some(()),
                Err(Failed { error, .. }) if PASSING.contains(&&*error) => None,
                Err(failed) => panic!("{action} {at}: {failed}"),
            }
        })
        .await;
    }
}
