use linq_webhooks::{EventHandler, Receiver};

trait Service {}

fn route(_: impl Service) {}

fn into_service<H: EventHandler>(receiver: Receiver<H>) {
    route(receiver.into_service());
}

fn main() {}
