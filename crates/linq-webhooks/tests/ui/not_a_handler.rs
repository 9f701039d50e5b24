use linq_webhooks::{Receiver, Verifier, events::MessageReceived};

struct Bot;

async fn reply(_message: MessageReceived) {}

fn receiver(verifier: Verifier) {
    let _ = Receiver::new(verifier.clone(), Bot);
    let _ = Receiver::new(verifier, reply);
}

fn main() {}
