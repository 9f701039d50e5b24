use std::sync::{Arc, Mutex};

use linq_durable::{Attempt, Inbox, MemoryStore, Store as _, StoreOptOuts};
use linq_types::{Handle, Timestamp};
use linq_webhooks::{Gate, IgnoreReason, OptOuts as _, Outcome, block_on};

use super::{
    bot::Bot,
    delivery::{body, deliver, verifier},
};

const ADA: &str = "+12025550199";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(seconds, 0).unwrap()
}

#[test]
fn an_opt_out_is_kept_for_all_processes_until_the_person_writes_later() {
    let store = MemoryStore::new();
    let (ada, opt_outs, other) =
        (Handle::from(ADA), StoreOptOuts::new(store.clone()), StoreOptOuts::new(store));
    let has_opted_out = || block_on(other.contains(&ada)).unwrap();
    assert!(!block_on(opt_outs.remove(&ada, at(9))).unwrap());
    assert!(!has_opted_out());
    block_on(opt_outs.insert(&ada, at(10))).unwrap();
    assert!(has_opted_out());
    assert!(block_on(other.remove(&ada, at(9))).unwrap(), "the opt-out is later");
    assert!(has_opted_out());
    assert!(!block_on(other.remove(&ada, at(11))).unwrap());
    assert!(!has_opted_out());
    // It is delivered again.
    block_on(opt_outs.insert(&ada, at(10))).unwrap();
    assert!(!has_opted_out());
    assert!(!block_on(other.contains(&Handle::from("+12025550198"))).unwrap());
    assert!(!block_on(opt_outs.clone().queue("others").contains(&ada)).unwrap());
    block_on(opt_outs.insert(&ada, at(12))).unwrap();
    assert!(has_opted_out());
}

/// The receiver stores what the handler behind the gate accepts, and the worker tells why the gate ignored it.
#[test]
fn a_worker_behind_a_gate_tells_the_outcome_of_each_event() {
    let store = MemoryStore::new();
    let inbox = Inbox::new(store.clone());
    let (bot, told) = (Bot::default(), Arc::new(Mutex::new(Vec::new())));
    let gate = Gate::new(bot.clone()).opt_outs(StoreOptOuts::new(store.clone()));
    let stored = Arc::new(Mutex::new(Vec::new()));
    let receiver = inbox.receiver(verifier(), &gate).on_outcome({
        let stored = Arc::clone(&stored);
        move |event, outcome| {
            let id = event.event_id().unwrap().to_owned();
            stored.lock().unwrap().push((id, outcome.expect("the store has capacity")));
        }
    });
    let says = |id: &str, text: &str| {
        let text = format!(r#""value":"{text}""#);
        let sender = format!(r#""sender_handle":{{"handle":"{ADA}"}},"parts":"#);
        body(id, "c1").replace(&format!(r#""value":"{id}""#), &text).replace(r#""parts":"#, &sender)
    };
    for (id, text) in [("e1", "STOP"), ("e2", "hi")] {
        assert_eq!(deliver(&receiver, &says(id, text)), 202);
    }
    assert_eq!(deliver(&receiver, &says("e1", "STOP")), 204);
    assert_eq!(deliver(&receiver, &says("e3", "hi").replace("message.received", "message.read")), 204);
    let stored: Vec<_> = stored.lock().unwrap().iter().map(|(id, outcome)| (id.clone(), *outcome)).collect();
    let ignored = Outcome::Ignored(IgnoreReason::NotAccepted);
    let expected =
        [("e1", Outcome::Accepted), ("e2", Outcome::Accepted), ("e1", Outcome::Duplicate), ("e3", ignored)];
    assert_eq!(stored, expected.map(|(id, outcome)| (id.to_owned(), outcome)));

    let worker = inbox.worker(gate).observe({
        let told = Arc::clone(&told);
        move |attempt: &Attempt<'_>| told.lock().unwrap().push((attempt.item.id.clone(), attempt.outcome))
    });
    block_on(worker.run_until(async {
        while told.lock().unwrap().len() < 2 {
            store.sleep(std::time::Duration::from_millis(1)).await;
        }
    }));
    let ignored = Outcome::Ignored(IgnoreReason::OptedOut);
    let expected = [("e1", Some(ignored)), ("e2", Some(Outcome::Handled))];
    assert_eq!(*told.lock().unwrap(), expected.map(|(id, outcome)| (id.to_owned(), outcome)));
    assert_eq!(bot.handled(), ["e2"]);
}
