//! Webhooks that are delivered to a receiver in this process.

use std::{
    cell::RefCell,
    convert::Infallible,
    io,
    rc::Rc,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use linq_sandbox::{Sandbox, SandboxBuilder, WebhookQuery, WebhookStatus};
use linq_types::events::{Event, EventType};
use linq_webhooks::{
    EventHandler, Outcome, Receiver, Router, Verifier,
    events::{EventPayload as _, Interest, MessageReceived},
};
use tokio::{
    sync::{Barrier, Notify},
    task::{LocalSet, spawn_local},
    time::sleep,
};

use super::{
    api::{ADA, Api},
    panics::panic_of,
    receiver::Receiver as Server,
};

type Texts = Arc<Mutex<Vec<String>>>;

/// Starts a sandbox that delivers to a bot whose first runs fail.
async fn with_bot(builder: SandboxBuilder, failures: usize) -> (Sandbox, Texts) {
    let sandbox = builder.seed(7).start().await.unwrap();
    let (texts, runs) = (Texts::default(), Arc::new(AtomicUsize::new(0)));
    let heard = Arc::clone(&texts);
    let bot = Router::new(()).on(move |message: MessageReceived| {
        if runs.fetch_add(1, Ordering::SeqCst) < failures {
            return Err(io::Error::other("not yet"));
        }
        heard.lock().unwrap().push(message.text());
        Ok(())
    });
    tokio::spawn(sandbox.deliver_to(Receiver::new(sandbox.verifier(), bot)));
    (sandbox, texts)
}

fn manual() -> SandboxBuilder {
    Sandbox::builder().manual_time()
}

/// The status codes or errors of all attempts.
fn outcomes(sandbox: &Sandbox) -> Vec<String> {
    sandbox.deliveries().iter().map(|delivery| format!("{:?}", delivery.outcome)).collect()
}

#[tokio::test]
async fn a_receiver_in_this_process_gets_the_events_of_its_handler() {
    let (sandbox, texts) = with_bot(Sandbox::builder(), 0).await;
    sandbox.person(ADA).says("Hi!").unwrap();
    sandbox.until(|sandbox| !sandbox.deliveries().is_empty()).await;
    assert_eq!(*texts.lock().unwrap(), ["Hi!"]);
    let [delivery] = &sandbox.deliveries()[..] else { panic!("one delivery") };
    assert_eq!(delivery.event_type, EventType::MessageReceived);
    assert_eq!(delivery.target_url, "in-process://receiver-1/");
    assert!(delivery.succeeded());
    sandbox.expect_no_errors();
}

#[tokio::test]
async fn a_receiver_that_fails_gets_the_event_again_however_much_time_was_advanced() {
    let (sandbox, texts) = with_bot(manual(), 3).await;
    sandbox.advance(Duration::from_secs(24 * 60 * 60)).await;
    sandbox.person(ADA).says("Hi!").unwrap();
    sandbox.advance(Duration::from_secs(60)).await;
    assert_eq!(*texts.lock().unwrap(), ["Hi!"]);
    assert_eq!(outcomes(&sandbox), ["Responded(500)", "Responded(500)", "Responded(500)", "Responded(204)"]);
    assert_eq!(sandbox.webhooks(&WebhookQuery::default())[0].status, WebhookStatus::Delivered);
}

#[tokio::test]
async fn faults_hit_its_webhooks() {
    let builder = manual().fault("webhook: duplicate".parse().unwrap());
    let (sandbox, texts) = with_bot(builder, 0).await;
    sandbox.person(ADA).says("Hi!").unwrap();
    sandbox.advance(Duration::ZERO).await;
    assert_eq!(sandbox.deliveries().len(), 2);
    assert_eq!(*texts.lock().unwrap(), ["Hi!"]);
}

#[tokio::test]
async fn several_receivers_have_urls_of_their_own_which_no_request_can_name() {
    let api = Api::still().await;
    let bot = || Router::new(()).on(|_: MessageReceived| Ok::<_, Infallible>(()));
    for _ in 0..2 {
        tokio::spawn(api.sandbox.deliver_to(Receiver::new(api.sandbox.verifier(), bot())));
    }
    let listed = api.get("/v3/webhook-subscriptions").await.body;
    let targets: Vec<_> = (0..2).map(|at| &listed["subscriptions"][at]["target_url"]).collect();
    assert_eq!(targets, ["in-process://receiver-1/", "in-process://receiver-2/"]);
    let refused = api.sandbox.subscribe("in-process://receiver-1/").unwrap_err();
    assert!(refused.to_string().contains("https"), "{refused}");
    api.sandbox.person(ADA).says("Hi!").unwrap();
    api.advance_secs(0).await;
    assert_eq!(outcomes(&api.sandbox), ["Responded(204)", "Responded(204)"]);
}

#[tokio::test]
async fn webhooks_to_a_receiver_whose_future_was_dropped_are_retried_and_given_up() {
    let sandbox = manual().start().await.unwrap();
    let bot = Router::new(()).on(|_: MessageReceived| Ok::<_, Infallible>(()));
    drop(sandbox.deliver_to(Receiver::new(sandbox.verifier(), bot)));
    sandbox.person(ADA).says("Hi!").unwrap();
    sandbox.advance(Duration::from_secs(3_600)).await;
    let outcomes = outcomes(&sandbox);
    assert!(outcomes.len() >= 10, "{outcomes:?}");
    assert!(
        outcomes.iter().all(|one| one.contains("the future of `deliver_to` was dropped")),
        "{outcomes:?}"
    );
    let text = panic_of(async { sandbox.expect_no_errors() }).await;
    assert!(text.contains(" to in-process://receiver-1/: the future"), "{text}");
}

#[tokio::test]
async fn a_handler_that_takes_too_long_is_dropped_and_runs_again_after_a_minute() {
    let builder = manual().webhook_timeout(Duration::from_millis(30));
    let sandbox = builder.start().await.unwrap();
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    let bot = Router::new(()).on(move |_: MessageReceived| {
        let run = counted.fetch_add(1, Ordering::SeqCst);
        async move {
            if run == 0 {
                sleep(Duration::from_secs(3_600)).await;
            }
            Ok::<_, Infallible>(())
        }
    });
    tokio::spawn(sandbox.deliver_to(Receiver::new(sandbox.verifier(), bot)));
    sandbox.person(ADA).says("Hi!").unwrap();
    sandbox.advance(Duration::from_secs(300)).await;
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    let outcomes = outcomes(&sandbox);
    assert!(outcomes[0].contains("no answer within 30ms"), "{outcomes:?}");
    assert!(outcomes[1..outcomes.len() - 1].iter().all(|one| one == "Responded(503)"), "{outcomes:?}");
    assert_eq!(outcomes.last().unwrap(), "Responded(204)");
}

#[tokio::test]
async fn deliveries_are_handled_concurrently() {
    let sandbox = Sandbox::start().await.unwrap();
    let both = Arc::new(Barrier::new(2));
    let bot = Router::new(both).on(async |_: MessageReceived, both: Arc<Barrier>| {
        both.wait().await;
        Ok::<_, Infallible>(())
    });
    tokio::spawn(sandbox.deliver_to(Receiver::new(sandbox.verifier(), bot)));
    sandbox.person(ADA).says("one").unwrap();
    sandbox.person(ADA).says("two").unwrap();
    sandbox.until(|sandbox| sandbox.deliveries().len() == 2).await;
    sandbox.expect_no_errors();
}

/// A handler that is not `Send`.
struct Local(Rc<RefCell<Vec<Event>>>);

impl EventHandler for Local {
    type Error = Infallible;
    const EVENTS: &'static [Interest] = &[Interest::Only(MessageReceived::EVENT)];

    async fn handle(&self, event: Event) -> Result<Outcome, Infallible> {
        self.0.borrow_mut().push(event);
        Ok(Outcome::Handled)
    }
}

#[tokio::test]
async fn a_handler_need_not_be_send() {
    let sandbox = Sandbox::start().await.unwrap();
    let events = Rc::default();
    let receiver = Receiver::new(sandbox.verifier(), Local(Rc::clone(&events)));
    let test = async {
        spawn_local(sandbox.deliver_to(receiver));
        sandbox.person(ADA).says("Hi!").unwrap();
        sandbox.until(|sandbox| !sandbox.deliveries().is_empty()).await;
    };
    LocalSet::new().run_until(test).await;
    assert_eq!(events.borrow().len(), 1);
}

#[tokio::test]
async fn its_future_completes_after_a_shutdown_and_the_delivery_in_progress() {
    let sandbox = Sandbox::start().await.unwrap();
    let (begun, permission) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let done = Arc::new(AtomicUsize::new(0));
    let state = (Arc::clone(&begun), Arc::clone(&permission), Arc::clone(&done));
    let bot = Router::new(state).on(
        async |_: MessageReceived,
               (begun, permission, done): (Arc<Notify>, Arc<Notify>, Arc<AtomicUsize>)| {
            begun.notify_one();
            permission.notified().await;
            done.fetch_add(1, Ordering::SeqCst);
            Ok::<_, Infallible>(())
        },
    );
    let receiving = tokio::spawn(sandbox.deliver_to(Receiver::new(sandbox.verifier(), bot)));
    sandbox.person(ADA).says("Hi!").unwrap();
    begun.notified().await;
    let ((), ()) = tokio::join!(sandbox.shutdown(), async { permission.notify_one() });
    receiving.await.unwrap();
    assert_eq!(done.load(Ordering::SeqCst), 1);

    let sandbox = Sandbox::start().await.unwrap();
    let bot = Router::new(()).on(|_: MessageReceived| Ok::<_, Infallible>(()));
    let receiving = tokio::spawn(sandbox.deliver_to(Receiver::new(sandbox.verifier(), bot)));
    drop(sandbox);
    receiving.await.unwrap();
}

#[tokio::test]
async fn the_verifier_accepts_the_webhooks_of_this_sandbox_only_and_has_its_clock() {
    let (api, other) = (Api::still().await, Sandbox::builder().seed(8).start().await.unwrap());
    let server = Server::start().await;
    api.subscribe(&server, "", serde_json::json!({ "subscribed_events": ["message.received"] })).await;
    api.sandbox.advance(Duration::from_secs(24 * 60 * 60)).await;
    api.sandbox.person(ADA).says("Hi!").unwrap();
    api.advance_secs(0).await;
    let received = &server.received()[0];
    let verify =
        |verifier: Verifier| verifier.verify(&received.headers, received.raw.clone()).map(drop).is_ok();
    assert!(verify(api.sandbox.verifier()));
    assert!(!verify(other.verifier().clock(api.sandbox.clock())));
    assert!(!verify(Verifier::new(server.secret()).unwrap()));
}
