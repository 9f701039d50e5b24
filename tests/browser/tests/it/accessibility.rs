//! The rules of accessibility that axe-core checks.

use std::{fs, path::Path};

use linq::prelude::*;
use linq::types::{parts::Effect, polls::NewPoll};
use serde_json::json;

use super::{
    bot::Bot,
    browser::Browser,
    driver::skip,
    page::Page,
    scene::{CASEY, Scene},
};

/// Lists what violates a rule: its name, and the markup.
const CHECK: &str = "
const done = arguments[0];
axe.run(document, { resultTypes: ['violations'] }).then(
  ({ violations }) => done(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)),
  (error) => done([String(error)]),
);
";

async fn expect_no_violations(page: &Page<'_>, what: &str) {
    // What fades in has its colors at the end.
    let settled = "return document.getAnimations().every(({ playState, effect }) => playState !== 'running' || effect.getTiming().iterations === Infinity)";
    page.until("animations end", async || page.run(settled, json!([])).await.as_bool()?.then_some(())).await;
    let violations = page.run_async(CHECK, json!([])).await;
    assert_eq!(violations, json!([]), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_no_violation_in_light_dark_and_on_a_phone() {
    let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/axe-core/axe.min.js");
    let Ok(axe) = fs::read_to_string(axe) else {
        return skip("axe-core is not installed (npm ci --prefix tests/browser)");
    };
    let Some(browser) = Browser::turn().await else { return };
    let scene = Scene::start().await;
    let _bot = Bot::start(&scene.sandbox);
    let group = scene.group("Hello, all").await;
    let chat = scene.chat("Hello, Casey").await;
    scene.sandbox.inject_fault("webhook: duplicate 0.5".parse().unwrap()).unwrap();
    scene.client.chats().polls(&chat).create(NewPoll::new(["Now", "Later"])).await.unwrap();
    scene.send(&chat, MessageContent::from("Pew").effect(Effect::LASERS)).await;
    scene.send(&group, "News").await;
    let page = scene.open_chat(&browser, &chat, CASEY).await;
    page.type_into("@composer-text", "Hi\u{E007}").await;
    page.see(("@message.their", "You wrote: Hi")).await;
    page.run(&axe, json!([])).await;

    for scheme in ["light", "dark"] {
        page.prefer(scheme).await;
        page.resize(1_400, 900).await;
        for tab in ["requests", "webhooks", "faults", "clock", "lines"] {
            page.click(&format!("@tab-{tab}")).await;
            if tab == "requests" {
                page.click("@log-requests @log-row").await;
                page.see("@detail").await;
            }
            expect_no_violations(&page, &format!("{scheme}, {tab}")).await;
        }
        page.click("@person-settings").await;
        page.see("@settings").await;
        expect_no_violations(&page, &format!("{scheme}, settings")).await;
        page.type_into("@settings-unreachable", "\u{E00C}").await;
        page.see_no("@settings").await;

        page.resize(390, 844).await;
        for pane in ["people", "machine", "chat"] {
            page.click(&format!("@pane-{pane}")).await;
            expect_no_violations(&page, &format!("{scheme}, phone, {pane}")).await;
        }
        let width = page.run("return document.documentElement.scrollWidth", json!([])).await;
        assert!(width.as_u64().unwrap() <= 390, "the page is wider than a phone: {width}");
    }
    browser.expect_no_complaints().await;
}
