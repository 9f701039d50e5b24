//! Conversations with the agent, in one process with the sandbox.

use std::time::Duration;

use agent::{bot::Bot, history::History, model::Model, model::Scripted, serve};
use linq::{ReqwestBackend, prelude::*, resources::attachments::UploadFile, sandbox::Sandbox, sqlite::Store};
use tokio::net::TcpListener;

/// The sandbox, a client of it, and the transcript so far.
pub(super) struct Scene(pub(super) Sandbox, Client, Vec<String>);

impl Scene {
    pub(super) async fn start(model: impl Model) -> Self {
        let (sandbox, folder) = (Sandbox::start().await.unwrap(), tempfile::tempdir().unwrap());
        let client = sandbox.client(ReqwestBackend::new().unwrap()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let secret = sandbox.subscribe(format!("http://{}/linq", listener.local_addr().unwrap())).unwrap();
        let store = Store::open(folder.path().join("agent.db")).unwrap();
        let (outbox, history) = (Outbox::new(store.clone()), History::open(&store.path()).unwrap());
        let bot = Bot { client: client.clone(), outbox, history, model, pause: Duration::ZERO };
        let times = [300, 60_000].map(Duration::from_millis).into();
        let serving = serve(bot, store, times, Verifier::new(secret).unwrap(), listener);
        tokio::spawn(async { (serving.await, folder) });
        Self(sandbox, client, Vec::new())
    }

    /// Sends Casey's lines, and waits until these lines, and no other ones, are added to the transcript.
    pub(super) async fn play(&mut self, script: &[&str]) {
        let mut chat = None;
        for line in script.iter().filter_map(|line| line.strip_prefix("casey: ")) {
            let (text, rest) = line.split_once(" [").unwrap_or((line, ""));
            let mut parts = vec![Part::text(text)];
            if rest == "cat.png]" {
                let cat = UploadFile::new("cat.png", "image/png", "PNG");
                parts.push(self.1.attachments().upload_part(cat).await.unwrap());
            }
            chat = Some(self.0.person("+12025550199").sends(parts).unwrap().chat_id);
        }
        self.2.extend(script.iter().map(|line| (*line).to_owned()));
        let lines = |sandbox: &Sandbox| -> Vec<String> {
            let transcript = sandbox.transcript(chat.as_ref().unwrap()).replace("+12025550100", "agent");
            let lines = transcript.lines().map(|line| line.replace("+12025550199", "casey"));
            lines.map(|line| line.split(" (").next().unwrap().to_owned()).collect()
        };
        self.0.until(|sandbox| lines(sandbox) == self.2).within(Duration::from_secs(120)).await;
    }
}

#[tokio::test]
async fn a_burst_gets_one_reply_in_bubbles_and_the_next_reply_knows_the_history() {
    let mut scene = Scene::start(Scripted).await;
    scene.play(&["casey: One", "casey: Two", "agent: You wrote: One Two", "agent: This is turn 1."]).await;
    scene.play(&["casey: Three", "agent: You wrote: Three", "agent: This is turn 2."]).await;
}

#[tokio::test]
async fn it_describes_the_pictures_that_it_gets() {
    let reply = "agent: You wrote: Look! [image/png, 3 bytes]";
    Scene::start(Scripted).await.play(&["casey: Look! [cat.png]", reply, "agent: This is turn 1."]).await;
}

#[tokio::test]
async fn it_sends_pictures_and_polls_and_reacts() {
    let mut scene = Scene::start(Scripted).await;
    scene.play(&["casey: Menu?", "agent: [menu.png]"]).await;
    scene.play(&["casey: A table?", "agent: When?", "agent: [poll: 6 / 8]"]).await;
    scene.play(&["casey: Thanks! [❤️ by agent]"]).await;
}

#[tokio::test]
async fn it_is_silent_after_an_opt_out_until_the_person_writes_again() {
    let mut scene = Scene::start(Scripted).await;
    scene.play(&["casey: One", "casey: STOP"]).await;
    scene.play(&["casey: Hello", "agent: You wrote: Hello", "agent: This is turn 1."]).await;
}

#[tokio::test]
async fn lost_responses_and_duplicate_webhooks_double_nothing() {
    let mut scene = Scene::start(Scripted).await;
    scene.0.inject_fault("*: lost-ack 0.3".parse().unwrap()).unwrap();
    scene.0.inject_fault("webhook: duplicate".parse().unwrap()).unwrap();
    for turn in 1..4 {
        scene.play(&["casey: Hi", "agent: You wrote: Hi", &format!("agent: This is turn {turn}.")]).await;
    }
}
