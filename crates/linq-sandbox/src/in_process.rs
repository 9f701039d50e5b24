//! Webhooks that are delivered to a receiver in this process.

use std::future::Future;

use linq_webhooks::{Deduplicator, EventHandler, Receiver, Verifier};

use crate::{ids::Ids, receivers::receive, sandbox::Sandbox};

impl Sandbox {
    /// Delivers webhooks to a receiver in this process, without a port and a server, while the future is polled: spawn it.
    ///
    /// The receiver is subscribed at once, to the [events](EventHandler::subscribed_events) of its handler. Its verifier is the
    /// [sandbox's](Self::verifier). Deliveries are signed, logged, retried and hit by faults like those to a server. They are
    /// received as of the sandbox's time, whatever clock the receiver has. Their target URL, `in-process://receiver-1/` for the
    /// first one, exists only in the log and in the list of subscriptions.
    ///
    /// The future is [`Send`] if the handler is. It completes when the sandbox was dropped, or was shut down and the deliveries
    /// in progress are done. Deliveries after the future was dropped fail, and are retried.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_sandbox as sandbox; pub(crate) use linq_webhooks as webhooks; }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use linq::{sandbox::Sandbox, webhooks::{Receiver, Router, events::MessageReceived}};
    ///
    /// let sandbox = Sandbox::start().await?;
    /// let bot = Router::new(()).on(async |message: MessageReceived, ()| {
    ///     println!("{}", message.text());
    ///     Ok::<_, std::io::Error>(())
    /// });
    /// tokio::spawn(sandbox.deliver_to(Receiver::new(sandbox.verifier(), bot)));
    ///
    /// sandbox.person("+12025550199").says("Hello?")?;
    /// sandbox.until(|sandbox| sandbox.deliveries().iter().any(|delivery| delivery.succeeded())).await;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use = "nothing is received unless the future is polled; spawn it"]
    pub fn deliver_to<H: EventHandler, D: Deduplicator>(
        &self,
        receiver: Receiver<H, D>,
    ) -> impl Future<Output = ()> + use<H, D> {
        let (target, deliveries) = self.receivers.add();
        let events = receiver.handler().subscribed_events();
        let secret = secret(self.shared.config.seed);
        self.shared.change(|store, now| store.subscribe_in_process(now, target, events, secret));
        receive(receiver, deliveries)
    }

    /// Returns a verifier of the sandbox's webhooks, with its [clock](Self::clock). It accepts those that are [delivered in this
    /// process](Self::deliver_to), and those of the subscriptions that exist now.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        const VALID: &str = "the sandbox makes valid secrets";

        let verifier = Verifier::new(secret(self.shared.config.seed)).expect(VALID);
        let verifier = self.shared.read(|store| {
            let secrets = store.subscriptions.iter().filter(|subscription| subscription.is_of_v3());
            let secrets = secrets.map(|subscription| &subscription.secret);
            secrets.fold(verifier, |verifier, secret| verifier.and_secret(secret).expect(VALID))
        });
        verifier.clock(self.clock())
    }
}

/// Returns the secret of the receivers in this process. It is known before there is one.
fn secret(seed: u64) -> String {
    Ids::new(seed ^ 0x7365_6372_6574).signing_secret()
}
