//! Processes that are killed before and after each of their steps: operations of the store, requests, and questions to the model.

use std::{
    env,
    net::{Ipv4Addr, SocketAddr, TcpListener as StdListener},
    process::{self, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU16, AtomicU64, Ordering},
    },
    time::Duration,
};

use agent::{
    bot::Bot,
    history::History,
    model::{Action, Model, Turn},
    serve,
};
use anyhow::Result;
use bytes::Bytes;
use linq::{
    BackendFuture, Body, HttpBackend, ReqwestBackend, TransportError, prelude::*,
    resources::attachments::UploadFile, sandbox::Sandbox, sqlite::Store,
};
use linq_durable::testing::{CrashStore, Moment};
use rustix::process::{Signal, getpid, kill_process};
use tokio::{
    net::TcpListener,
    process::{Child, Command},
};

/// The lease is short, because a process that replaces a killed one waits for its end.
const QUIET_AND_LEASE: (Duration, Duration) = (Duration::from_millis(20), Duration::from_secs(2));
/// How many steps of a kind are tried at the same time. Most of the time is that of leases.
const LANES: u64 = 2;

#[tokio::test(flavor = "multi_thread")]
async fn whenever_it_is_killed_it_replies_once_and_in_order() {
    let steps = ["before-store", "after-store", "before-other", "after-other"];
    let kills =
        steps.map(|step| (1..=LANES).map(|lane| tokio::spawn(kill_at_each(step, lane))).collect::<Vec<_>>());
    for (step, lanes) in steps.into_iter().zip(kills) {
        let mut kills = 0;
        for lane in lanes {
            kills += lane.await.unwrap();
        }
        println!("{kills} kills {step}");
        let least = if step.ends_with("store") { 30 } else { 12 };
        assert!(kills >= least, "only {kills} kills {step}");
    }
}

/// Returns the number of conversations in which a process was killed.
///
/// A step that is dropped, such as a request for the typing indicator, kills nothing, and others may follow it: only two of them
/// in a row are taken for the end.
async fn kill_at_each(step: &str, lane: u64) -> u64 {
    let (mut at, mut kills, mut misses) = (lane, 0, 0);
    while misses < 2 {
        match converse(step, at).await {
            true => (kills, misses) = (kills + 1, 0),
            false => misses += 1,
        }
        at += LANES;
    }
    kills
}

/// Returns an address with a port below those that the system gives to others, and that no other conversation gets.
fn unused_address() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let ports = (0..10_000).map(|_| 20_000 + NEXT.fetch_add(1, Ordering::Relaxed) % 10_000);
    let mut addresses = ports.map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    addresses.find(|address| StdListener::bind(address).is_ok()).expect("no unused port")
}

/// Has a conversation with a process that is killed at a step, and with another one from then on. Returns whether it was killed.
async fn converse(step: &str, at: u64) -> bool {
    let sandbox = Sandbox::builder().webhook_retry_factor(0.05).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let address = unused_address();
    let secret = sandbox.subscribe(format!("http://{address}/linq")).unwrap();
    let start = |step: &str, at: u64| -> Child {
        let mut process = Command::new(env::current_exe().unwrap());
        process
            .args(["--ignored", "--exact", "it::kills::a_process"])
            .kill_on_drop(true)
            .stdout(Stdio::null());
        process.env("KILLED_AT", format!("{step} {at}")).env("LISTEN", address.to_string());
        process.env("STORE", folder.path().join("agent.db")).env("LINQ_WEBHOOK_SECRET", secret.expose());
        process.env("LINQ_API_V3_BASE_URL", sandbox.base_url()).env("LINQ_API_V3_API_KEY", sandbox.api_key());
        process.spawn().unwrap()
    };
    let client = sandbox.client(ReqwestBackend::new().unwrap()).unwrap();
    let cat = UploadFile::new("cat.png", "image/png", "PNG");
    let cat = client.attachments().upload_part(cat).await.unwrap();

    let (mut agent, mut was_killed) = (start(step, at), false);
    let casey = sandbox.person("+12025550199");
    let messages: [(MessageContent, usize); 2] =
        [(vec![Part::text("Hello!"), cat].into(), 5), ("Bye!".into(), 7)];
    let mut chat = None;
    for (message, replies) in messages {
        println!("after a kill {step} {at}: {replies} replies");
        chat = Some(casey.sends(message).unwrap().chat_id);
        let replied = sandbox.until(|sandbox| sandbox.sent().len() >= replies);
        let mut replied = replied.within(Duration::from_secs(300)).into_future();
        loop {
            tokio::select! {
                () = &mut replied => break,
                status = agent.wait() => {
                    assert!(!was_killed, "the second process ended: {status:?}");
                    (agent, was_killed) = (start("never", 0), true);
                }
            }
        }
    }

    let transcript =
        sandbox.transcript(&chat.unwrap()).replace("+12025550199", "casey").replace("+12025550100", "agent");
    let shown: Vec<_> = transcript.lines().map(|line| line.split(" (").next().unwrap()).collect();
    let decided_by = |line: usize| shown[line].rsplit(' ').next().unwrap();
    let (first, second) = (decided_by(1), decided_by(7));
    let expected = [
        "casey: Hello! [cat.png] [❤️ by agent]",
        &format!("agent: You wrote: Hello! [image/png of 3 bytes], {first}"),
        &format!("agent: I am {first}"),
        "agent: [menu.png]",
        "agent: When?",
        "agent: [poll: 6 / 8]",
        "casey: Bye!",
        &format!("agent: You wrote: Bye!, {second}"),
        &format!("agent: I am {second}"),
    ];
    assert_eq!(shown, expected, "after a kill {step} {at}");
    was_killed
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the process that the other test starts and kills"]
async fn a_process() {
    let Ok(killed_at) = env::var("KILLED_AT") else { return };
    let (step, at) = killed_at.split_once(' ').unwrap();
    let at = at.parse().unwrap();
    let moment = if step.starts_with("before") { Moment::BeforeEffect } else { Moment::AfterEffect };
    let [of_store, of_others] =
        ["store", "other"].map(|kind| if step.ends_with(kind) { at } else { u64::MAX });
    let killer = Arc::new(Killer { at: of_others, moment, count: AtomicU64::new(0) });

    let file = Store::open(env::var("STORE").unwrap()).unwrap();
    let history = History::open(&file.path()).unwrap();
    let store = CrashStore::new(file, of_store, moment);
    let mortal = store.clone();
    tokio::spawn(async move {
        mortal.died().await;
        kill();
    });
    let client = Client::from_env(Mortal(ReqwestBackend::new().unwrap(), Arc::clone(&killer))).unwrap();
    let outbox = Outbox::new(store.clone());
    let bot = Bot { client, outbox, history, model: Mortal((), killer), pause: Duration::ZERO };
    let address: SocketAddr = env::var("LISTEN").unwrap().parse().unwrap();
    let listener = TcpListener::bind(address).await.unwrap();
    serve(bot, store, QUIET_AND_LEASE, Verifier::from_env().unwrap(), listener).await.unwrap();
}

/// Counts steps, and kills this process at one of them.
#[derive(Debug)]
struct Killer {
    at: u64,
    moment: Moment,
    count: AtomicU64,
}

impl Killer {
    async fn around<T>(&self, step: impl Future<Output = T>) -> T {
        let is_last = self.count.fetch_add(1, Ordering::SeqCst) + 1 == self.at;
        if is_last && self.moment == Moment::BeforeEffect {
            kill();
        }
        let result = step.await;
        if is_last {
            kill();
        }
        result
    }
}

fn kill() {
    kill_process(getpid(), Signal::KILL).unwrap();
}

/// Something whose operations are steps.
#[derive(Debug)]
struct Mortal<T>(T, Arc<Killer>);

impl HttpBackend for Mortal<ReqwestBackend> {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
        let (killer, response) = (Arc::clone(&self.1), self.0.send(request));
        Box::pin(async move { killer.around(response).await })
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        self.0.sleep(duration)
    }
}

/// A model that never decides the same in two processes.
impl Model for Mortal<()> {
    async fn describe(&self, media_type: &str, bytes: &[u8]) -> Result<String> {
        self.1.around(async { Ok(format!("{media_type} of {} bytes", bytes.len())) }).await
    }

    async fn decide(&self, _: &[Turn], said: &str) -> Result<Vec<Action>> {
        let text = format!("You wrote: {said}, {id}\n\nI am {id}", id = process::id());
        let mut actions = vec![Action::Reply { text }];
        if said.starts_with("Hello") {
            let options = ["6", "8"].map(str::to_owned).into();
            actions.extend([
                Action::React { emoji: "❤️".to_owned() },
                Action::SendMenu,
                Action::AskPoll { question: "When?".to_owned(), options },
            ]);
        }
        self.1.around(async { Ok(actions) }).await
    }
}
