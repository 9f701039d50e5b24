//! Subscriptions from code, on both clients, against the sandbox.

use std::{
    future::ready,
    io,
    sync::{Arc, Mutex},
};

use linq::{
    Client, Error, ErrorKind, ReqwestBackend, UreqBackend, blocking,
    resources::webhook_subscriptions::{EnsuredSubscription, SubscriptionChange},
    sandbox::Sandbox,
    types::{
        WebhookSubscriptionId,
        error::ErrorCode,
        events::EventType,
        webhook_subscriptions::{
            NewWebhookSubscription, SigningSecret, UpdateWebhookSubscription, WebhookSubscription,
        },
    },
};

use super::script::{Answer, Script};

const URL: &str = "https://example.com/linq";
const PINNED: &str = "https://example.com/linq?version=2026-02-03";
const LINE: &str = "+12025550100";
const FOREIGN: &str = "+12025550777";

#[derive(Debug, Clone, Copy)]
enum Kind {
    Asynchronous,
    Blocking,
}

/// A sandbox, one of the clients, and the secrets that were stored.
struct Stage {
    sandbox: Sandbox,
    kind: Kind,
    secrets: Arc<Mutex<Vec<String>>>,
    /// Whether storing a secret fails.
    fails: bool,
}

impl Stage {
    async fn each() -> [Self; 2] {
        let start = async |kind| {
            let sandbox = Sandbox::builder().phone_number(LINE).start().await.unwrap();
            Self { sandbox, kind, secrets: Arc::default(), fails: false }
        };
        [start(Kind::Asynchronous).await, start(Kind::Blocking).await]
    }

    fn client(&self) -> Client {
        let builder = Client::builder().base_url(self.sandbox.base_url()).api_key(self.sandbox.api_key());
        builder.build(ReqwestBackend::new().unwrap()).unwrap()
    }

    fn blocking(&self) -> blocking::Client {
        let builder = Client::builder().base_url(self.sandbox.base_url()).api_key(self.sandbox.api_key());
        builder.build_blocking(UreqBackend::new()).unwrap()
    }

    fn store(&self) -> impl FnOnce(SigningSecret) -> Result<(), io::Error> + Send + 'static {
        let (secrets, fails) = (Arc::clone(&self.secrets), self.fails);
        move |secret| {
            secrets.lock().unwrap().push(secret.expose().to_owned());
            if fails { Err(io::Error::other("the disk is full")) } else { Ok(()) }
        }
    }

    async fn ensure(&self, wanted: NewWebhookSubscription) -> Result<EnsuredSubscription, Error> {
        self.ensure_with(wanted, false).await
    }

    async fn ensure_with(
        &self,
        wanted: NewWebhookSubscription,
        may_drop_lines: bool,
    ) -> Result<EnsuredSubscription, Error> {
        let store = self.store();
        match self.kind {
            Kind::Asynchronous => {
                let client = self.client();
                let ensure = client.webhook_subscriptions().ensure(wanted, |secret| ready(store(secret)));
                if may_drop_lines { ensure.without_lines_if_refused().await } else { ensure.await }
            }
            Kind::Blocking => {
                let client = self.blocking();
                let ensure = move || {
                    let ensure = client.webhook_subscriptions().ensure(wanted, store);
                    if may_drop_lines { ensure.without_lines_if_refused().call() } else { ensure.call() }
                };
                tokio::task::spawn_blocking(ensure).await.unwrap()
            }
        }
    }

    async fn rotate(&self, id: &WebhookSubscriptionId, keeps: bool) -> Result<WebhookSubscription, Error> {
        let (store, id) = (self.store(), id.clone());
        match self.kind {
            Kind::Asynchronous => {
                let client = self.client();
                let rotate = client.webhook_subscriptions().rotate(id, |secret| ready(store(secret)));
                if keeps { rotate.keep_previous().await } else { rotate.await }
            }
            Kind::Blocking => {
                let client = self.blocking();
                let rotate = move || {
                    let rotate = client.webhook_subscriptions().rotate(id, store);
                    if keeps { rotate.keep_previous().call() } else { rotate.call() }
                };
                tokio::task::spawn_blocking(rotate).await.unwrap()
            }
        }
    }

    async fn listed(&self) -> Vec<WebhookSubscription> {
        self.client().webhook_subscriptions().list().await.unwrap().subscriptions
    }

    async fn urls(&self) -> Vec<String> {
        self.listed().await.into_iter().map(|subscription| subscription.target_url.unwrap()).collect()
    }

    fn stored(&self) -> usize {
        self.secrets.lock().unwrap().len()
    }
}

fn wanted() -> NewWebhookSubscription {
    NewWebhookSubscription::new(URL, [EventType::MessageReceived, EventType::ReactionAdded])
}

#[tokio::test]
async fn a_subscription_is_created_with_its_secret_then_left_alone_then_updated() {
    for stage in Stage::each().await {
        let created = stage.ensure(wanted()).await.unwrap();
        assert_eq!(created.change, SubscriptionChange::Created);
        assert_eq!(stage.urls().await, [PINNED]);
        assert_eq!(stage.stored(), 1);

        let same =
            NewWebhookSubscription::new(PINNED, [EventType::ReactionAdded, EventType::MessageReceived]);
        let unchanged = stage.ensure(same).await.unwrap();
        assert_eq!(unchanged.change, SubscriptionChange::Unchanged);
        assert_eq!(unchanged.subscription, created.subscription);

        let changes = UpdateWebhookSubscription::new().target_url(URL).is_active(false);
        let id = &created.subscription.id;
        stage.client().webhook_subscriptions().update(id, changes).await.unwrap();
        let other = NewWebhookSubscription::new(URL, [EventType::MessageRead]).phone_numbers([LINE]);
        let updated = stage.ensure(other.clone()).await.unwrap();
        assert_eq!(updated.change, SubscriptionChange::Updated);
        let [listed] = &stage.listed().await[..] else { panic!("one subscription") };
        assert_eq!(*listed, updated.subscription);
        assert_eq!((&listed.id, listed.target_url.as_deref()), (id, Some(PINNED)));
        assert_eq!(
            (listed.is_active, &listed.subscribed_events[..]),
            (Some(true), &[EventType::MessageRead][..])
        );
        assert_eq!(listed.phone_numbers, [LINE]);
        assert_eq!(stage.ensure(other.clone()).await.unwrap().change, SubscriptionChange::Unchanged);

        let mut all_lines = other;
        all_lines.phone_numbers = None;
        let cleared = stage.ensure(all_lines).await.unwrap();
        assert_eq!(
            (cleared.change, cleared.subscription.phone_numbers),
            (SubscriptionChange::Updated, Vec::new())
        );
        assert_eq!(stage.stored(), 1);
    }
}

#[tokio::test]
async fn subscriptions_of_other_endpoints_and_formats_are_not_touched() {
    for stage in Stage::each().await {
        stage.sandbox.subscribe("https://example.com/other").unwrap();
        let older = "https://example.com/linq?version=2025-01-01";
        let ensured =
            stage.ensure(NewWebhookSubscription::new(older, [EventType::MessageReceived])).await.unwrap();
        assert_eq!(ensured.change, SubscriptionChange::Created);
        assert_eq!(stage.urls().await, ["https://example.com/other", older]);
    }
}

#[tokio::test]
async fn no_subscription_is_left_if_its_secret_cannot_be_stored() {
    for mut stage in Stage::each().await {
        stage.fails = true;
        let error = stage.ensure(wanted()).await.unwrap_err();
        assert_eq!((error.kind(), error.maybe_sent()), (ErrorKind::UnstoredSecret, false));
        let source = std::error::Error::source(&error).and_then(std::error::Error::source);
        assert_eq!(source.unwrap().to_string(), "the disk is full");
        let shown = error.to_string();
        assert_eq!(
            shown,
            "signing secret of the new webhook subscription could not be stored; the subscription was deleted"
        );
        assert_eq!(stage.urls().await, [""; 0]);

        stage.fails = false;
        assert_eq!(stage.ensure(wanted()).await.unwrap().change, SubscriptionChange::Created);
        stage.fails = true;
        let [listed] = &stage.listed().await[..] else { panic!("one subscription") };
        assert_eq!(stage.rotate(&listed.id, false).await.unwrap_err().kind(), ErrorKind::UnstoredSecret);
        assert_eq!(stage.listed().await, [listed.clone()]);
    }
}

#[tokio::test]
async fn refused_lines_are_an_error_unless_they_may_be_dropped() {
    for stage in Stage::each().await {
        let foreign = || wanted().phone_numbers([LINE, FOREIGN]);
        let error = stage.ensure(foreign()).await.unwrap_err();
        assert_eq!(error.code(), Some(ErrorCode::FOREIGN_PHONE_NUMBER));
        assert_eq!(stage.urls().await, [""; 0]);

        let created = stage.ensure_with(foreign(), true).await.unwrap();
        assert_eq!(
            (created.change, created.subscription.phone_numbers.len()),
            (SubscriptionChange::Created, 0)
        );
        let again = stage.ensure_with(foreign(), true).await.unwrap();
        assert_eq!(again.change, SubscriptionChange::Unchanged);
        stage.ensure(wanted().phone_numbers([LINE])).await.unwrap();
        let cleared = stage.ensure_with(foreign(), true).await.unwrap();
        assert_eq!(
            (cleared.change, cleared.subscription.phone_numbers.len()),
            (SubscriptionChange::Updated, 0)
        );
        assert_eq!(stage.stored(), 1);
    }
}

#[tokio::test]
async fn a_rotation_has_another_secret_and_is_the_subscription_of_the_endpoint() {
    for stage in Stage::each().await {
        let wanted = wanted().phone_numbers([LINE]);
        let first = stage.ensure(wanted.clone()).await.unwrap().subscription;
        let second = stage.rotate(&first.id, false).await.unwrap();
        let url = format!("{PINNED}&rotation=1");
        assert_eq!(stage.urls().await, [url.as_str()]);
        assert_eq!(
            (&second.subscribed_events, &second.phone_numbers),
            (&first.subscribed_events, &first.phone_numbers)
        );
        assert_ne!(second.id, first.id);
        assert_eq!(stage.ensure(wanted.clone()).await.unwrap().change, SubscriptionChange::Unchanged);

        let third = stage.rotate(&second.id, true).await.unwrap();
        assert_eq!(stage.urls().await, [url, format!("{PINNED}&rotation=2")]);
        let ensured = stage.ensure(wanted).await.unwrap();
        assert_eq!((ensured.subscription.id, ensured.change), (third.id, SubscriptionChange::Unchanged));
        let secrets = stage.secrets.lock().unwrap().clone();
        assert_eq!(secrets.len(), 3);
        assert!(secrets[0] != secrets[1] && secrets[1] != secrets[2]);
        let gone = stage.rotate(&first.id, false).await.unwrap_err();
        assert_eq!(gone.code(), Some(ErrorCode::WEBHOOK_SUBSCRIPTION_NOT_FOUND));
    }
}

/// The subscriptions that a list has, and the requests that follow from it.
async fn played(answers: Vec<Answer>) -> [(Result<EnsuredSubscription, Error>, Vec<String>); 2] {
    let no_secret = |_: SigningSecret| -> Result<(), io::Error> { panic!("a secret without a subscription") };
    let (script, other) = (Script::new(answers.clone()), Script::new(answers));
    let (client, blocking) = (script.client(), other.blocking());
    let outcome = client.webhook_subscriptions().ensure(wanted(), |secret| ready(no_secret(secret)));
    let outcome = outcome.max_attempts(1).await;
    let blocking = blocking.webhook_subscriptions().ensure(wanted(), no_secret).max_attempts(1).call();
    [(outcome, script), (blocking, other)].map(|(outcome, script)| {
        let played = script.played();
        let requests =
            played.requests.iter().map(|request| format!("{} {}", request.method, request.uri.path()));
        (outcome, requests.collect())
    })
}

fn listing(urls: &[&str]) -> Answer {
    let subscriptions: Vec<_> = urls
        .iter()
        .map(|url| {
            let events = ["message.received", "reaction.added"];
            serde_json::json!({ "id": "s1", "target_url": url, "subscribed_events": events, "is_active": true })
        })
        .collect();
    Answer::json(200, &serde_json::json!({ "subscriptions": subscriptions }))
}

#[tokio::test]
async fn a_subscription_whose_secret_was_lost_with_the_response_is_deleted() {
    let answers = vec![
        listing(&[]),
        Answer::Fails(linq_core::TransportErrorKind::Other),
        listing(&[PINNED]),
        Answer::empty(204),
    ];
    for (outcome, requests) in played(answers).await {
        let error = outcome.unwrap_err();
        assert!(error.maybe_sent() && error.kind() == ErrorKind::Transport, "{error}");
        let path = "/api/partner/v3/webhook-subscriptions";
        let expected = [
            format!("GET {path}"),
            format!("POST {path}"),
            format!("GET {path}"),
            format!("DELETE {path}/s1"),
        ];
        assert_eq!(requests, expected);
    }
}

#[tokio::test]
async fn a_subscription_that_another_process_created_in_between_is_found() {
    let answers = vec![listing(&[]), Answer::error(409, 2015), listing(&[PINNED])];
    for (outcome, _) in played(answers).await {
        assert_eq!(outcome.unwrap().change, SubscriptionChange::Unchanged);
    }
    let answers = vec![listing(&[]), Answer::error(409, 2015), listing(&[]), Answer::error(409, 2015)];
    for (outcome, requests) in played(answers).await {
        assert_eq!((outcome.unwrap_err().code(), requests.len()), (Some(ErrorCode::CONFLICT), 4));
    }
}
