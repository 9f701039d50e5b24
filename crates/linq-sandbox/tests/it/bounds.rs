//! Settings at and beyond their bounds.

use std::{io, time::Duration};

use http::{Method, StatusCode};
use linq_sandbox::{Assumptions, Delays, Fault, FaultEffect, FaultTarget, Sandbox, SandboxBuilder};
use linq_types::{Timestamp, error::ErrorCode};
use serde_json::json;

use super::{
    api::{ADA, Api, LINE, text_message},
    receiver::Receiver,
};

type Setting = (&'static str, fn(SandboxBuilder) -> SandboxBuilder);

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn fault(text: &str) -> Fault {
    text.parse().unwrap()
}

fn assuming(builder: SandboxBuilder, change: impl FnOnce(Assumptions) -> Assumptions) -> SandboxBuilder {
    builder.assumptions(change(Assumptions::default()))
}

#[tokio::test]
async fn a_setting_out_of_bounds_is_an_error_that_names_it() {
    let settings: &[Setting] = &[
        ("`webhook_retry_factor`", |new| new.webhook_retry_factor(f64::NAN)),
        ("`webhook_retry_factor`", |new| new.webhook_retry_factor(-1.0)),
        ("`webhook_retry_factor`", |new| new.webhook_retry_factor(-f64::MIN_POSITIVE)),
        ("`webhook_retry_factor`", |new| new.webhook_retry_factor(1_000.1)),
        ("`webhook_retry_factor`", |new| new.webhook_retry_factor(f64::MAX)),
        ("`webhook_retry_factor`", |new| new.webhook_retry_factor(f64::INFINITY)),
        ("`webhook_retry_factor`", |new| new.webhook_retry_factor(f64::NEG_INFINITY)),
        ("`webhook_timeout`", |new| new.webhook_timeout(Duration::ZERO)),
        ("`webhook_timeout`", |new| new.webhook_timeout(Duration::from_micros(999))),
        ("`webhook_timeout`", |new| new.webhook_timeout(Duration::from_secs(3_601))),
        ("`webhook_timeout`", |new| new.webhook_timeout(Duration::MAX)),
        ("`request_timeout`", |new| new.request_timeout(Duration::ZERO)),
        ("`request_timeout`", |new| new.request_timeout(Duration::MAX)),
        ("`max_concurrent_deliveries`", |new| new.max_concurrent_deliveries(0)),
        ("`max_concurrent_deliveries`", |new| new.max_concurrent_deliveries(1_001)),
        ("`max_concurrent_deliveries`", |new| new.max_concurrent_deliveries(usize::MAX)),
        ("`api_key`", |new| new.api_key("")),
        ("`api_key`", |new| new.api_key(" ")),
        ("`api_key`", |new| new.api_key("a b")),
        ("`api_key`", |new| new.api_key("a\r\nb: c")),
        ("`api_key`", |new| new.api_key("é")),
        ("`phone_number`", |new| new.phone_number("")),
        ("`phone_number`", |new| new.phone_number("home")),
        ("`phone_number`", |new| new.phone_number("ada@example.com")),
        ("`phone_number`", |new| new.phone_number(LINE).phone_number(LINE)),
        ("`starts_at`", |new| new.starts_at(time("1969-12-31T23:59:59Z"))),
        ("`starts_at`", |new| new.starts_at(time("9998-12-31T23:59:59Z"))),
        ("`duplicate_target_status`", |new| {
            assuming(new, |new| new.duplicate_target_status(StatusCode::CONTINUE))
        }),
        ("`duplicate_target_status`", |new| {
            assuming(new, |new| new.duplicate_target_status(StatusCode::NO_CONTENT))
        }),
        ("`duplicate_target_status`", |new| {
            assuming(new, |new| new.duplicate_target_status(StatusCode::NOT_MODIFIED))
        }),
        ("`fault`", |new| (0..1_001).fold(new, |new, _| new.fault(fault("*: cut 0")))),
        ("`fault`", |new| (0..11).fold(new, |new, _| new.fault(fault("*: ok x10000")))),
        ("allowed target", |new| new.allow_target("app:8080")),
        ("allowed target", |new| new.allow_target("")),
        ("allowed target", |new| new.allow_target("http://app:8080/hook")),
        ("allowed host", |new| new.allow_host("")),
        ("allowed host", |new| new.allow_host("sandbox:4010")),
        ("`target_ca`", |new| new.target_ca("no certificate")),
    ];
    for (name, set) in settings {
        let error = set(Sandbox::builder()).start().await.expect_err(name);
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{error}");
        assert!(error.to_string().contains(name), "{name}: {error}");
    }
}

#[test]
fn a_fault_out_of_bounds_is_an_error_and_a_probability_is_clamped() {
    let day = Duration::from_secs(24 * 3_600);
    for (effect, is_webhook) in [
        (FaultEffect::Timeout as fn(Duration) -> FaultEffect, false),
        (FaultEffect::Stall, false),
        (FaultEffect::RateLimited, false),
        (FaultEffect::Delay, true),
        (FaultEffect::Reorder, true),
    ] {
        let target = || if is_webhook { FaultTarget::webhooks() } else { FaultTarget::calls() };
        assert!(Fault::new(target(), effect(day)).is_ok());
        for duration in [day + Duration::from_nanos(1), Duration::MAX] {
            assert!(Fault::new(target(), effect(duration)).is_err());
            assert!(Fault::script(target(), [None, Some(effect(duration))]).is_err());
        }
    }
    assert!(Fault::script(FaultTarget::calls(), std::iter::repeat(None)).is_err());
    for (probability, written) in
        [(f64::NAN, "*: cut 0"), (-1.0, "*: cut 0"), (2.0, "*: cut"), (f64::MAX, "*: cut")]
    {
        let cut = Fault::new(FaultTarget::calls(), FaultEffect::Cut).unwrap();
        assert_eq!(cut.probability(probability).to_string(), written);
    }
}

/// What tests do with a sandbox: send, receive, fail to deliver, let time pass.
async fn scenario(builder: SandboxBuilder) {
    let api = Api::with(builder).await;
    let receiver = Receiver::start().await;
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    api.sandbox.subscribe(format!("http://{closed}/")).unwrap();
    receiver.trust(api.sandbox.subscribe(receiver.url()).unwrap().expose());
    for url in ["https://example.com/1", "https://example.com/1"] {
        let subscription = json!({ "target_url": url, "subscribed_events": ["message.sent"] });
        api.try_send(api.request(Method::POST, "/v3/webhook-subscriptions", subscription.to_string())).await;
    }
    let line = api.sandbox.phone_number().clone();
    let said = api.sandbox.person(ADA).says("Hello?").unwrap();
    let mut message = text_message("Hello");
    message["idempotency_key"] = "k".into();
    for (path, body) in [
        ("/v3/chats".to_owned(), json!({ "from": line, "to": [ADA], "message": message })),
        ("/v3/chats".to_owned(), json!({ "from": line, "to": [ADA], "message": message })),
        (format!("/v3/chats/{}/location/request", said.chat_id), json!({})),
        (format!("/v3/chats/{}/location/request", said.chat_id), json!({})),
    ] {
        api.try_send(api.request(Method::POST, &path, body.to_string())).await;
    }
    for time in [Duration::ZERO, Duration::from_secs(3_600), Duration::MAX, Duration::MAX] {
        api.sandbox.advance(time).await;
    }
    api.sandbox.person(ADA).says("Still there?").unwrap();
    api.sandbox.advance(Duration::from_secs(3_600)).await;
    assert!(!api.sandbox.deliveries().is_empty());
    api.sandbox.reset();
    api.sandbox.clear_faults();
    assert_eq!(api.get("/v3/phone_numbers").await.status, StatusCode::OK);
}

/// The watchdog is a thread of its own, so that a loop that never yields is noticed too.
#[test]
fn no_accepted_setting_makes_the_sandbox_hang_or_panic() {
    let settings: &[Setting] = &[
        ("defaults", |new| new),
        ("retry factor 0", |new| new.webhook_retry_factor(0.0)),
        ("retry factor -0", |new| new.webhook_retry_factor(-0.0)),
        ("least retry factor", |new| new.webhook_retry_factor(f64::MIN_POSITIVE)),
        ("largest retry factor", |new| new.webhook_retry_factor(1_000.0)),
        ("shortest webhook timeout", |new| new.webhook_timeout(Duration::from_millis(1))),
        ("longest webhook timeout", |new| new.webhook_timeout(Duration::from_secs(3_600))),
        ("longest request timeout", |new| new.request_timeout(Duration::from_secs(3_600))),
        ("one delivery", |new| new.max_concurrent_deliveries(1)),
        ("many deliveries", |new| new.max_concurrent_deliveries(1_000)),
        ("no delays", |new| new.delays(Delays::new(Duration::ZERO, Duration::ZERO, Duration::ZERO))),
        ("endless delays", |new| new.delays(Delays::new(Duration::MAX, Duration::MAX, Duration::MAX))),
        ("short and endless delays", |new| {
            new.delays(Delays::new(Duration::from_nanos(1), Duration::MAX, Duration::ZERO))
        }),
        ("first moment", |new| new.starts_at(time("1970-01-01T00:00:00Z"))),
        ("nearly the last moment", |new| new.starts_at(time("8965-04-01T00:00:00Z"))),
        ("seed 0", |new| new.seed(0)),
        ("largest seed", |new| new.seed(u64::MAX)),
        ("sandbox tier", SandboxBuilder::sandbox_tier),
        ("panicking observer", |new| new.on_log(|_| std::panic::resume_unwind(Box::new("on purpose")))),
        ("duplicates", |new| new.fault(fault("webhook: duplicate"))),
        ("long delays of webhooks", |new| new.fault(fault("webhook: delay 1440m"))),
        ("reordered webhooks", |new| new.fault(fault("webhook: reorder 1440m"))),
        ("calls cut", |new| new.fault(fault("*: cut"))),
        ("rate limit of a day", |new| new.fault(fault("*: 429 1440m"))),
        ("early webhooks", |new| new.fault(fault("*: early-webhook"))),
        ("long scripts", |new| (0..10).fold(new, |new, _| new.fault(fault("*: ok x10000")))),
        ("keys that expire at once", |new| {
            assuming(new, |new| new.idempotency_key_ttl(Some(Duration::ZERO)))
        }),
        ("keys that never expire", |new| assuming(new, |new| new.idempotency_key_ttl(Some(Duration::MAX)))),
        ("endless location interval", |new| {
            assuming(new, |new| new.location_request_interval(Duration::MAX))
        }),
        ("chats that are never ready", |new| assuming(new, |new| new.chat_ready_delay(Duration::MAX))),
        ("code 0", |new| assuming(new, |new| new.edit_rejection_code(ErrorCode::new(0)))),
        ("status 599", |new| {
            assuming(new, |new| new.duplicate_target_status(StatusCode::from_u16(599).unwrap()))
        }),
        ("first timestamps", |new| assuming(new, |new| new.fresh_timestamps(false))),
        ("targets and hosts", |new| new.allow_target("http://app:8080").allow_host("sandbox")),
    ];
    for (name, set) in settings {
        for manual_time in [true, false] {
            let (done, watchdog) = std::sync::mpsc::channel();
            let run = move || {
                let runtime =
                    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
                let builder = set(Sandbox::builder());
                let builder = if manual_time { builder.manual_time() } else { builder };
                runtime.unwrap().block_on(scenario(builder));
                done.send(()).unwrap();
            };
            std::thread::spawn(run);
            let ended = watchdog.recv_timeout(Duration::from_secs(60));
            assert!(ended.is_ok(), "{name}, manual time {manual_time}: {ended:?}");
        }
    }
}

#[tokio::test]
async fn the_number_of_attempts_is_the_same_for_every_retry_factor() {
    let attempts = async |factor: f64, manual_time: bool| {
        let builder = Sandbox::builder().webhook_retry_factor(factor);
        let api = Api::with(if manual_time { builder.manual_time() } else { builder }).await;
        let receiver = Receiver::answering(vec![Some(500); 100]).await;
        api.subscribe(&receiver, "", json!({ "subscribed_events": ["message.received"] })).await;
        api.sandbox.person(ADA).says("Hi!").unwrap();
        api.sandbox.advance(Duration::from_secs(1_000 * 3_600)).await;
        receiver.received().len()
    };
    let usual = attempts(1.0, true).await;
    assert!((10..=12).contains(&usual), "{usual}");
    for factor in [0.0, 0.000_05, 0.01, 1.0, 1_000.0] {
        for manual_time in [true, false] {
            assert_eq!(attempts(factor, manual_time).await, usual, "{factor} {manual_time}");
        }
    }
}

#[tokio::test]
async fn control_requests_out_of_bounds_are_rejected_and_change_nothing() {
    let api = Api::still().await;
    let before = api.control(Method::GET, "/time", json!(null)).await.body;
    for body in [
        r#"{"seconds":-1}"#,
        r#"{"seconds":-1e-9}"#,
        r#"{"seconds":1e300}"#,
        r#"{"seconds":1e999}"#,
        r#"{"seconds":31622401}"#,
        r#"{"seconds":NaN}"#,
        r#"{"seconds":"1"}"#,
        r#"{"seconds":null}"#,
        "{}",
    ] {
        let reply = api.send(api.control_request(Method::POST, "/advance", body)).await;
        assert_eq!(reply.status, 400, "{body}");
    }
    assert_eq!(api.control(Method::GET, "/time", json!(null)).await.body, before);

    let many = |count: usize, text: &str| json!({ "faults": vec![text; count] });
    for (faults, status) in [
        (many(1_000, "*: cut"), 200),
        (many(1_001, "*: cut"), 400),
        (many(60_000, "*: ok x10000"), 400),
        (many(10, "*: ok x10000"), 200),
        (many(11, "*: ok x10000"), 400),
        (json!({ "faults": ["*: cut", "*: earthquake"] }), 400),
        (json!({ "faults": ["*: cut, ".repeat(100_000)] }), 400),
        (json!({ "faults": ["x".repeat(1_000_000)] }), 400),
    ] {
        let reply = api.control(Method::POST, "/faults", faults).await;
        assert_eq!(reply.status, status, "{:.300}", format!("{reply:?}"));
        let kept = api.sandbox.faults().len();
        assert_eq!(kept > 0, status == 200);
        api.sandbox.clear_faults();
    }
    let large = json!({ "text": "a".repeat(2 * 1024 * 1024) });
    let reply = api.control(Method::POST, &format!("/people/{ADA}/says"), large).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
}
