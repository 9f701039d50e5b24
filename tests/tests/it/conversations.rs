//! Conversations with the people of a sandbox, in its time: typing, chats by their people, sequences, deliveries and the pace.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use axum::{Router, body::Bytes, http::HeaderMap, routing::post};
use linq_core::{
    BackendFuture, BlockingHttpBackend, Body, Client, ClientBuilder, ErrorKind, EventWatch, HttpBackend,
    Pace, TransportError, blocking,
    types::{
        ChatId, Service,
        check::Rule,
        error::ErrorCode,
        events::EventKeys,
        messages::{DeliveryStatus, MessageContent},
        parts::Effect,
    },
};
use linq_reqwest::ReqwestBackend;
use linq_sandbox::{Assumptions, Sandbox, SandboxBuilder};
use linq_ureq::UreqBackend;
use linq_webhooks::Verifier;
use tokio::{net::TcpListener, task::JoinSet};

const LINE: &str = "+12025550100";
const ADA: &str = "+12025550199";
const BEN: &str = "+12025550198";
const CLEO: &str = "+12025550197";

/// Timeouts and deadlines pass in real time. All other delays advance the time of the sandbox.
const TIMEOUT: Duration = Duration::from_secs(61);
/// The deadline of the requests of a typing indicator.
const TYPING_DEADLINE: Duration = Duration::from_secs(5);

/// A backend in the time of a sandbox.
#[derive(Debug, Clone)]
struct InSandboxTime<B> {
    backend: B,
    sandbox: Arc<Sandbox>,
}

impl HttpBackend for InSandboxTime<ReqwestBackend> {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
        self.backend.send(request)
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        if [TIMEOUT, TYPING_DEADLINE].contains(&duration) {
            return self.backend.sleep(duration);
        }
        let sandbox = Arc::clone(&self.sandbox);
        Box::pin(async move { sandbox.advance(duration).await })
    }

    fn now(&self) -> Option<SystemTime> {
        SystemTime::try_from(self.sandbox.now()).ok()
    }
}

impl BlockingHttpBackend for InSandboxTime<UreqBackend> {
    fn send(
        &self,
        request: http::Request<Body>,
        timeout: Duration,
    ) -> Result<http::Response<Bytes>, TransportError> {
        self.backend.send(request, timeout)
    }

    fn sleep(&self, duration: Duration) {
        tokio::runtime::Handle::current().block_on(self.sandbox.advance(duration));
    }

    fn now(&self) -> Option<SystemTime> {
        SystemTime::try_from(self.sandbox.now()).ok()
    }
}

/// A sandbox whose time passes only with the delays of its clients, and a watch that observes its webhooks.
struct Stage {
    sandbox: Arc<Sandbox>,
    watch: EventWatch,
    _receiver: JoinSet<()>,
}

impl Stage {
    async fn new() -> Self {
        Self::with(Sandbox::builder()).await
    }

    async fn with(builder: SandboxBuilder) -> Self {
        let sandbox = Arc::new(builder.manual_time().start().await.unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let secret = sandbox.subscribe(format!("http://{}/linq", listener.local_addr().unwrap())).unwrap();
        let (verifier, clock, watch) =
            (Verifier::new(secret).unwrap(), Arc::clone(&sandbox), EventWatch::new());
        let observer = watch.clone();
        let hook = post(async move |headers: HeaderMap, body: Bytes| {
            observer.observe(&verifier.verify_at(&headers, body, clock.now()).unwrap().parse().unwrap());
        });
        let mut receiver = JoinSet::new();
        let app = Router::new().route("/linq", hook);
        receiver.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { sandbox, watch, _receiver: receiver }
    }

    fn builder(&self) -> ClientBuilder {
        let builder = Client::builder().base_url(self.sandbox.base_url()).api_key(self.sandbox.api_key());
        builder.timeout(TIMEOUT)
    }

    fn backend<B>(&self, backend: B) -> InSandboxTime<B> {
        InSandboxTime { backend, sandbox: Arc::clone(&self.sandbox) }
    }

    fn client(&self) -> Client {
        self.build(self.builder())
    }

    fn build(&self, builder: ClientBuilder) -> Client {
        builder.build(self.backend(ReqwestBackend::new().unwrap())).unwrap()
    }

    /// Runs something with the blocking client on another thread.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(blocking::Client) -> T + Send + 'static,
    ) -> T {
        let client = self.builder().build_blocking(self.backend(UreqBackend::new())).unwrap();
        tokio::task::spawn_blocking(move || work(client)).await.unwrap()
    }

    /// A chat with a person who has written.
    fn chat(&self, person: &str) -> ChatId {
        self.sandbox.person(person).says("Hello?").unwrap().chat_id
    }

    fn texts(&self) -> Vec<String> {
        let parts = self.sandbox.sent().into_iter().flat_map(|message| message.parts);
        parts.filter_map(|part| part.as_text().map(str::to_owned)).collect()
    }
}

fn festive() -> MessageContent {
    MessageContent::from("We won!").effect(Effect::CONFETTI)
}

#[tokio::test(flavor = "multi_thread")]
async fn people_see_the_indicator_for_as_long_as_the_work_takes() {
    let stage = Stage::new().await;
    let (client, chat) = (stage.client(), stage.chat(ADA));
    let start = stage.sandbox.now().unix_seconds();
    let work = async {
        while stage.sandbox.now().unix_seconds() < start + 600 {
            tokio::task::yield_now().await;
        }
        stage.sandbox.shows_typing(&chat)
    };
    let typing = client.chats().typing(&chat).keep_alive().mark_read();
    assert!(typing.during(work).await, "it lasts for 85 seconds unless it is refreshed");
    assert!(!stage.sandbox.shows_typing(&chat));
    assert!(stage.sandbox.messages(&chat)[0].read_at.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spawned_indicator_is_removed_by_its_guard() {
    let stage = Stage::new().await;
    let (client, chat) = (stage.client(), stage.chat(ADA));
    let mut task = None;
    let typing = client.chats().typing(&chat).keep_alive();
    let typing = typing.spawn(|driver| task = Some(tokio::spawn(driver)));
    while !stage.sandbox.shows_typing(&chat) {
        tokio::task::yield_now().await;
    }
    drop(typing);
    task.unwrap().await.unwrap();
    assert!(!stage.sandbox.shows_typing(&chat));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_blocking_client_shows_the_indicator_until_the_message_is_sent() {
    let stage = Stage::new().await;
    let (chat, sandbox) = (stage.chat(ADA), Arc::clone(&stage.sandbox));
    let shown = chat.clone();
    stage
        .blocking(move |client| {
            client.chats().typing(&shown).keep_alive().during(|| {
                while !sandbox.shows_typing(&shown) {
                    std::thread::yield_now();
                }
                client.chats().messages(&shown).send("42").call().unwrap();
            });
        })
        .await;
    assert!(!stage.sandbox.shows_typing(&chat));
    assert_eq!(stage.texts(), ["42"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_is_opened_by_its_first_message_which_must_be_plain() {
    let stage = Stage::new().await;
    let client = stage.client();
    let chat = client.chats().open(LINE, [ADA]);
    for (message, rule) in
        [(festive(), Rule::FirstMessageEffect), ("https://example.com".into(), Rule::FirstMessageLink)]
    {
        let error = chat.send(message).await.unwrap_err();
        assert_eq!((error.kind(), error.violation().unwrap().rule), (ErrorKind::InvalidRequest, rule));
    }
    assert!(stage.sandbox.sent().is_empty());

    let first = chat.clone().plain_first().send(festive()).await.unwrap();
    let second = chat.send(festive()).await.unwrap();
    assert_eq!(first.chat_id, second.chat_id);
    let effects: Vec<_> = stage.sandbox.sent().into_iter().map(|message| message.effect.is_some()).collect();
    assert_eq!(effects, [false, true]);

    // A process that has just started does not know the chat.
    let restarted = stage.client();
    let third = restarted.chats().open(LINE, [ADA]).send("https://example.com").await.unwrap();
    assert_eq!(third.chat_id, first.chat_id);
    let chat_id = stage.blocking(|client| client.chats().open(LINE, [ADA]).send(festive()).call()).await;
    assert_eq!(chat_id.unwrap().chat_id, first.chat_id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_the_line_has_left_is_opened_anew() {
    let stage = Stage::new().await;
    let client = stage.client();
    let group = client.chats().open(LINE, [ADA, BEN, CLEO]);
    let old = group.send("Hello!").await.unwrap();
    client.chats().leave(&old.chat_id).await.unwrap();
    stage.sandbox.advance(Duration::from_secs(5)).await;
    let gone = client.chats().messages(&old.chat_id).send("Still there?").await.unwrap_err();
    assert_eq!(gone.code(), Some(ErrorCode::CHAT_LEFT));

    let new = group.send("Here again").await.unwrap();
    assert_ne!(new.chat_id, old.chat_id);
    assert_eq!(group.send("And here").await.unwrap().chat_id, new.chat_id);
    assert_eq!(stage.texts(), ["Hello!", "Here again", "And here"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_runs_again_opens_a_chat_and_sends_once_wherever_keys_are_known() {
    for per_path in [false, true] {
        let rules = Assumptions::default().idempotency_keys_per_path(per_path);
        let stage = Stage::with(Sandbox::builder().assumptions(rules)).await;
        let client = stage.client();
        for _ in 0..3 {
            let client = client.for_event(EventKeys::new(Some("e1"), b""));
            let chat = client.chats().open(LINE, [ADA]);
            chat.send("one").await.unwrap();
            chat.send("two").await.unwrap();
        }
        assert_eq!(stage.texts(), ["one", "two"], "{per_path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sequence_ends_when_the_person_answers() {
    let stage = Stage::new().await;
    let (client, chat) = (stage.client(), stage.chat(ADA));
    stage.sandbox.advance(Duration::from_secs(1)).await;
    let parts = || ["one", "two", "three"].map(|text| (Duration::from_secs(3), text));
    let messages = client.chats().messages(&chat);
    let outcome = messages.send_all(parts()).until_answered(&stage.watch).await.unwrap();
    assert_eq!((outcome.sent.len(), outcome.is_answered), (3, false));

    let answered = messages.send_all(parts()).until_answered(&stage.watch);
    stage.sandbox.person(ADA).says("Stop it").unwrap();
    let outcome = answered.await.unwrap();
    assert!(outcome.is_answered && outcome.sent.is_empty(), "{outcome:?}");
    assert!(!stage.sandbox.shows_typing(&chat));
    assert_eq!(stage.texts(), ["one", "two", "three"]);

    let shown = chat.clone();
    let outcome =
        stage.blocking(move |client| client.chats().messages(&shown).send_all(parts()).call()).await;
    assert_eq!(outcome.unwrap().sent.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_known_by_looks_and_by_webhooks_and_only_these_tell_why_a_message_failed() {
    let stage = Stage::new().await;
    let client = stage.client();
    stage.sandbox.person(BEN).on(Service::Sms);
    stage.sandbox.person(CLEO).unreachable(ErrorCode::DELIVERY_FAILED);
    for (person, expected) in
        [(ADA, Ok(DeliveryStatus::Read)), (BEN, Ok(DeliveryStatus::Sent)), (CLEO, Err(()))]
    {
        let sent = client.chats().open(LINE, [person]).send("Hello!").await.unwrap();
        let delivery = || client.messages().delivery(&sent.message.id).timeout(TIMEOUT);
        let looked = delivery().await;
        let watched = delivery().watch(&stage.watch).await;
        for (outcome, code) in [(&looked, None), (&watched, Some(ErrorCode::DELIVERY_FAILED))] {
            match (outcome, &expected) {
                (Ok(status), Ok(expected)) => assert_eq!(status, expected),
                (Err(error), Err(())) => {
                    assert_eq!((error.kind(), error.code()), (ErrorKind::FailedMessage, code));
                }
                _ => panic!("{person}: {outcome:?}"),
            }
        }
        let id = sent.message.id.clone();
        let blocking = stage.blocking(move |client| client.messages().delivery(id).call()).await;
        assert_eq!(blocking.map_err(|_| ()), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_with_the_pace_of_the_sandbox_tier_is_never_refused() {
    let stage = Stage::with(Sandbox::builder().sandbox_tier()).await;
    let chats = [ADA, BEN, CLEO].map(|person| stage.chat(person));
    let builder = stage.builder().pace(Pace::LINQ_SANDBOX);
    let client = stage.build(builder.on_retry(|attempt| panic!("refused: {attempt:?}")));
    for chat in chats.iter().cycle().take(60) {
        client.chats().messages(chat).send("Hello!").await.unwrap();
    }
    for _ in 0..60 {
        client.chats().open(LINE, [ADA]).ttl(Duration::ZERO).send("Hello!").await.unwrap();
    }
    for _ in 0..2 {
        client.capability().check_imessage(ADA).await.unwrap();
    }
    assert_eq!(stage.sandbox.sent().len(), 120);
}
