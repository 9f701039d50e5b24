//! Bots whose requests or thoughts take longer than the API waits for the response to a webhook. It delivers the event again for
//! half an hour, and each answer is sent once.
//!
//! The time is that of the sandbox. Only its wait for a response, and the delay of its own responses, are real: they are in
//! the relation of 10 to 11 seconds, or more.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use axum::Router;
use linq::{
    ReqwestBackend,
    durable::{Inbox, MemoryStore},
    prelude::*,
    sandbox::Sandbox,
};
use tokio::{net::TcpListener, task::JoinSet, time::sleep};

/// How long the sandbox waits for the response to a webhook.
const WEBHOOK_TIMEOUT: Duration = Duration::from_millis(250);

/// Executes each send, and responds when the sandbox has given up waiting for the response to the webhook.
const SLOW_SENDS: &str = "chats.messages.send: timeout 11s";

#[derive(Clone)]
struct Bot {
    linq: Client,
    behavior: Behavior,
    runs: Arc<AtomicUsize>,
}

#[derive(Clone, Copy)]
enum Behavior {
    /// That of the README.
    Replies,
    /// The same without a key of the event.
    RepliesWithoutKeys,
    /// Says that it will answer, thinks for a while, which depends on the number of the run, and answers.
    Thinks(fn(run: usize) -> Duration),
}

#[linq_handler(error = linq::Error)]
impl Bot {
    #[on]
    async fn reply(&self, message: MessageReceived, keys: EventKeys) -> Result<(), linq::Error> {
        let run = self.runs.fetch_add(1, SeqCst);
        match self.behavior {
            Behavior::Replies => {
                self.linq.messages().add_reaction(&message.id, Reaction::LOVE).await?;
                let chat = self.linq.chats().messages(&message.chat.id);
                chat.send("Got it").idempotency_key(keys.key("reply")).await?;
            }
            Behavior::RepliesWithoutKeys => {
                self.linq.chats().messages(&message.chat.id).send("Got it").await?;
            }
            Behavior::Thinks(thoughts) => {
                let linq = self.linq.for_event(keys);
                let chat = linq.chats().messages(&message.chat.id);
                chat.send("One moment").await?;
                sleep(thoughts(run)).await;
                chat.send("42").await?;
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Handling {
    InRequest,
    AfterResponse,
}

/// A sandbox, and a receiver of all messages in its time.
struct Stage {
    sandbox: Arc<Sandbox>,
    runs: Arc<AtomicUsize>,
    _tasks: JoinSet<()>,
}

impl Stage {
    async fn new(behavior: Behavior, handling: Handling, fault: Option<&str>) -> Self {
        let mut builder = Sandbox::builder().manual_time().webhook_timeout(WEBHOOK_TIMEOUT);
        if let Some(fault) = fault {
            builder = builder.fault(fault.parse().unwrap());
        }
        let sandbox = Arc::new(builder.start().await.unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target = format!("http://{}/linq", listener.local_addr().unwrap());
        let secret = sandbox.subscribe(target).unwrap();
        let client = Client::builder().base_url(sandbox.base_url()).api_key(sandbox.api_key());
        let linq = client.build(ReqwestBackend::new().unwrap()).unwrap();
        let runs = Arc::new(AtomicUsize::new(0));
        let bot = Bot { linq, behavior, runs: Arc::clone(&runs) };
        let verifier = Verifier::new(secret).unwrap();

        let mut tasks = JoinSet::new();
        let app = match handling {
            Handling::InRequest => {
                let receiver = Receiver::new(verifier, bot).clock(sandbox.clock());
                Router::new().route_service("/linq", receiver.into_service())
            }
            Handling::AfterResponse => {
                let inbox = Inbox::new(MemoryStore::new());
                let receiver = inbox.receiver(verifier, &bot).clock(sandbox.clock());
                tasks.spawn(inbox.worker(bot).run());
                Router::new().route_service("/linq", receiver.into_service())
            }
        };
        tasks.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { sandbox, runs, _tasks: tasks }
    }

    /// Lets a person write, and the half hour pass in which the event is delivered again. Returns what the bot sent.
    async fn half_an_hour(&self) -> Vec<String> {
        self.sandbox.person("+12025550199").says("Are you open?").unwrap();
        self.sandbox.advance(Duration::from_secs(31 * 60)).await;
        self.sent()
    }

    /// Waits for messages of a bot that handles events after the response.
    async fn wait_for_messages(&self, count: usize) {
        for _ in 0..1000 {
            if self.sent().len() >= count {
                break;
            }
            sleep(Duration::from_millis(10)).await;
        }
    }

    fn sent(&self) -> Vec<String> {
        let texts = self.sandbox.sent().into_iter().flat_map(|message| message.parts);
        texts.filter_map(|part| part.as_text().map(str::to_owned)).collect()
    }

    fn runs(&self) -> usize {
        self.runs.load(SeqCst)
    }
}

#[tokio::test]
async fn a_receiver_with_the_clock_of_the_sandbox_hears_a_message_an_hour_later() {
    for handling in [Handling::InRequest, Handling::AfterResponse] {
        let stage = Stage::new(Behavior::Replies, handling, None).await;
        stage.sandbox.advance(Duration::from_secs(60 * 60)).await;
        stage.half_an_hour().await;
        stage.wait_for_messages(1).await;
        assert_eq!(stage.sent(), ["Got it"]);
        assert_eq!(stage.runs(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_of_the_readme_answers_once_when_its_sends_take_longer_than_the_api_waits() {
    let stage = Stage::new(Behavior::Replies, Handling::InRequest, Some(SLOW_SENDS)).await;
    assert_eq!(stage.half_an_hour().await, ["Got it"]);
    assert!(stage.runs() > 3, "{} runs", stage.runs());
}

/// Shows that the half hour is what it is meant to be.
#[tokio::test(flavor = "multi_thread")]
async fn without_keys_of_the_event_each_run_sends() {
    let stage = Stage::new(Behavior::RepliesWithoutKeys, Handling::InRequest, Some(SLOW_SENDS)).await;
    let sent = stage.half_an_hour().await;
    assert_eq!(sent.len(), stage.runs());
    // Eleven deliveries; those within a minute after a dropped handler are not handled.
    assert!((4..=8).contains(&sent.len()), "{sent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_thinks_in_the_request_says_each_thing_once_and_answers_when_it_thinks_faster() {
    let slow = |_| Duration::from_secs(11);
    let stage = Stage::new(Behavior::Thinks(slow), Handling::InRequest, None).await;
    assert_eq!(stage.half_an_hour().await, ["One moment"]);
    assert!(stage.runs() > 3, "{} runs", stage.runs());

    let slow_at_first = |run| if run < 2 { Duration::from_secs(11) } else { Duration::ZERO };
    let stage = Stage::new(Behavior::Thinks(slow_at_first), Handling::InRequest, None).await;
    assert_eq!(stage.half_an_hour().await, ["One moment", "42"]);
    assert_eq!(stage.runs(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_thinks_after_the_response_says_each_thing_once() {
    let longer_than_the_api_waits = |_| WEBHOOK_TIMEOUT * 2;
    let slow_sends = "chats.messages.send: timeout 275ms";
    for delivered_twice in [false, true] {
        let thinks = Behavior::Thinks(longer_than_the_api_waits);
        let stage = Stage::new(thinks, Handling::AfterResponse, Some(slow_sends)).await;
        if delivered_twice {
            stage.sandbox.inject_fault("webhook message.received: duplicate".parse().unwrap()).unwrap();
        }
        stage.half_an_hour().await;
        stage.wait_for_messages(2).await;
        assert_eq!(stage.sent(), ["One moment", "42"]);
        assert_eq!(stage.runs(), 1);
    }
}
