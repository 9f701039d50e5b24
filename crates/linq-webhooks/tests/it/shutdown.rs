use std::{pin::pin, sync::Arc, thread};

use linq_webhooks::{Outcome, ReceiveError, Receiver, block_on};
use tokio::sync::Notify;

use super::{
    delivery::{SECRET, event, now, signed, verifier},
    scripted::{
        Scripted,
        Step::{Hang, WaitFor},
        poll_once,
    },
};

async fn deliver(receiver: &Receiver<Scripted>, id: &str) -> Result<Outcome, ReceiveError<&'static str>> {
    let body = event(id);
    receiver.receive_at(&signed(SECRET, &body), body, now()).await
}

#[test]
fn shutdown_rejects_new_deliveries_and_waits_for_those_in_progress() {
    let signal = Arc::new(Notify::new());
    let receiver = Receiver::new(verifier(), Scripted::new([WaitFor(Arc::clone(&signal))]));
    let mut begun = pin!(deliver(&receiver, "a"));
    assert!(poll_once(begun.as_mut()).is_pending());

    let mut shutdown = pin!(receiver.shutdown());
    let refused = block_on(deliver(&receiver.clone(), "b")).unwrap_err();
    assert_eq!(
        (refused.status().as_u16(), refused.to_string().as_str()),
        (503, "receiver is shutting down; deliver the event again later")
    );
    assert!(poll_once(shutdown.as_mut()).is_pending());

    signal.notify_one();
    assert_eq!(block_on(begun).unwrap(), Outcome::Handled);
    assert!(poll_once(shutdown).is_ready());
    assert!(poll_once(pin!(receiver.shutdown())).is_ready());
}

#[test]
fn shutdown_does_not_wait_for_a_delivery_whose_client_disconnected() {
    let receiver = Receiver::new(verifier(), Scripted::new([Hang]));
    assert!(poll_once(pin!(deliver(&receiver, "a"))).is_pending());
    assert!(poll_once(pin!(receiver.shutdown())).is_ready());
}

#[test]
fn a_thread_can_block_on_shutdown() {
    let signal = Arc::new(Notify::new());
    let receiver = Receiver::new(verifier(), Scripted::new([WaitFor(Arc::clone(&signal))]));
    let server = thread::spawn({
        let receiver = receiver.clone();
        move || block_on(deliver(&receiver, "a"))
    });
    while receiver.handler().called_with().is_empty() {
        thread::yield_now();
    }
    let stopper = thread::spawn({
        let receiver = receiver.clone();
        move || block_on(receiver.shutdown())
    });
    while block_on(deliver(&receiver, "b")).is_ok() {}
    assert!(!stopper.is_finished());
    signal.notify_one();
    assert_eq!(server.join().unwrap().unwrap(), Outcome::Handled);
    stopper.join().unwrap();
}
