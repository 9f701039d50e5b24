use std::collections::HashSet;

use linq_webhooks::{EventHandler, Receiver};

fn with_a_set<H: EventHandler>(receiver: Receiver<H>) {
    let _ = receiver.deduplicator(HashSet::<String>::new());
}

fn main() {}
