//! Typing indicators that are kept, in virtual time.

use std::future::ready;

use linq_core::types::Service;

use super::timeline::{Timeline, error};

#[test]
fn the_indicator_is_refreshed_every_60_seconds_and_removed_at_the_end() {
    let timeline = Timeline::new();
    let client = timeline.client();
    let typing = client.chats().typing("c").keep_alive();
    let output = timeline.run(typing.during(async {
        timeline.pause(150).await;
        "answer"
    }));
    assert_eq!(output, "answer");
    let expected = [
        "0 POST /chats/c/typing",
        "60 POST /chats/c/typing",
        "120 POST /chats/c/typing",
        "150 DELETE /chats/c/typing",
    ];
    assert_eq!(timeline.take(), expected);
}

#[test]
fn a_message_that_any_client_of_the_account_sends_into_the_chat_removes_the_indicator() {
    let timeline = Timeline::new();
    let client = timeline.client();
    let senders = [
        client.clone(),
        client.for_event(linq_core::types::events::EventKeys::new(Some("e1"), b"")),
        client.with_options(|options| options.max_attempts(1)).unwrap(),
    ];
    for sender in senders {
        let work = async {
            timeline.pause(30).await;
            sender.chats().messages("c").send("Hello!").await
        };
        timeline.run(client.chats().typing("c").keep_alive().during(work)).unwrap();
        let requests = timeline.take();
        assert_eq!(requests.len(), 2, "{requests:?}");
        assert!(requests[1].ends_with("POST /chats/c/messages"), "{requests:?}");
    }
}

#[test]
fn the_indicator_is_removed_if_the_send_failed_or_went_elsewhere_or_it_was_shown_again_after_it() {
    let timeline = Timeline::answering(|request| match request {
        "POST /chats/full/messages" => error(403, 2024),
        _ => None,
    });
    let client = timeline.client();
    for (typing, sends, wait) in [("full", "full", 0), ("c", "other", 0), ("c", "c", 40)] {
        let work = async {
            timeline.pause(30).await;
            drop(client.chats().messages(sends).send("Hello!").await);
            timeline.pause(wait).await;
        };
        timeline.run(client.chats().typing(typing).keep_alive().during(work));
        let last = timeline.take().pop().unwrap();
        assert!(last.ends_with(&format!("DELETE /chats/{typing}/typing")), "{typing} {sends}: {last}");
    }
}

#[test]
fn messages_are_marked_as_read_first_and_even_if_the_work_is_done_at_once() {
    let timeline = Timeline::new();
    let client = timeline.client();
    let typing = || client.chats().typing("c").keep_alive().mark_read();
    timeline.run(typing().during(timeline.pause(1)));
    let expected = ["0 POST /chats/c/read", "0 POST /chats/c/typing", "1 DELETE /chats/c/typing"];
    assert_eq!(timeline.take(), expected);
    timeline.run(typing().during(ready(())));
    assert_eq!(timeline.take(), ["1 POST /chats/c/read"]);
}

#[test]
fn services_without_an_indicator_are_left_out() {
    let timeline = Timeline::new();
    let client = timeline.client();
    for (service, shows) in [
        (Some(Service::Sms), false),
        (Some(Service::Rcs), false),
        (Some(Service::IMessage), true),
        (Some("WhatsApp".into()), true),
        (None, true),
    ] {
        let typing = client.chats().typing("c").keep_alive().service(service.as_ref());
        timeline.run(typing.during(timeline.pause(70)));
        assert_eq!(timeline.take().len(), if shows { 3 } else { 0 }, "{service:?}");
    }
}

#[test]
fn errors_fail_nothing_and_end_the_refreshing_unless_they_are_transient() {
    for (answer, requests) in [
        (error(404, 2001), vec!["0 POST"]),
        (error(403, 2011), vec!["0 POST"]),
        (error(503, 4004), vec!["0 POST", "60 POST", "100 DELETE"]),
        (Some(None), vec!["0 POST", "60 POST", "100 DELETE"]),
    ] {
        let expected: Vec<_> = requests.iter().map(|request| format!("{request} /chats/c/typing")).collect();
        let timeline = Timeline::answering(move |_| answer.clone());
        let client = Timeline::builder().max_attempts(1).build(timeline.clone()).unwrap();
        let output = timeline.run(client.chats().typing("c").keep_alive().during(async {
            timeline.pause(100).await;
            7
        }));
        assert_eq!((output, timeline.take()), (7, expected));
    }
}

#[test]
fn a_spawned_indicator_ends_with_its_guard_and_leaves_no_task_behind() {
    let timeline = Timeline::new();
    let client = timeline.client();
    let mut task = None;
    let typing = client.chats().typing("c").keep_alive().spawn(|driver| task = Some(driver));
    let work = async {
        timeline.pause(70).await;
        drop(typing);
        timeline.pause(100).await;
    };
    timeline.run_beside(work, task);
    let expected = ["0 POST /chats/c/typing", "60 POST /chats/c/typing", "70 DELETE /chats/c/typing"];
    assert_eq!(timeline.take(), expected);

    let mut task = None;
    drop(client.chats().typing("c").keep_alive().spawn(|driver| task = Some(driver)));
    timeline.run_beside(ready(()), task);
    assert_eq!(timeline.take(), [""; 0], "it was dropped before it began");
}

#[test]
fn the_last_of_several_guards_removes_the_indicator() {
    let timeline = Timeline::new();
    let client = timeline.client();
    let typing = || client.chats().typing("c").keep_alive();
    let inner = typing().during(timeline.pause(10));
    timeline.run(typing().during(async {
        inner.await;
        timeline.pause(10).await;
    }));
    let expected = ["0 POST /chats/c/typing", "0 POST /chats/c/typing", "20 DELETE /chats/c/typing"];
    assert_eq!(timeline.take(), expected);
}

#[test]
fn a_call_is_work_too() {
    let timeline = Timeline::new();
    let client = timeline.client();
    let send = client.chats().messages("c").send("Hello!");
    timeline.run(client.chats().typing("c").keep_alive().during(send)).unwrap();
    assert_eq!(timeline.take(), ["0 POST /chats/c/messages"]);
}

#[cfg(feature = "blocking")]
mod blocking {
    use std::{sync::mpsc, time::Duration};

    use super::{Timeline, error};

    /// A client that reports each request.
    fn client(timeline: &Timeline) -> linq_core::blocking::Client {
        Timeline::builder().build_blocking(timeline.clone()).unwrap()
    }

    #[test]
    fn a_thread_refreshes_the_indicator_until_the_guard_is_dropped_and_ends_then() {
        let (requested, requests) = mpsc::channel();
        let timeline = Timeline::answering(move |request| {
            requested.send(request.to_owned()).unwrap();
            None
        });
        let client = client(&timeline);
        let typing = client.chats().typing("c").keep_alive().mark_read();
        let typing = typing.refresh_every(Duration::from_millis(1)).start();
        let first: Vec<_> = requests.iter().take(4).collect();
        assert_eq!(first[0], "POST /chats/c/read");
        assert!(first[1..].iter().all(|request| request == "POST /chats/c/typing"), "{first:?}");
        drop(typing);
        assert_eq!(requests.try_iter().last().unwrap(), "DELETE /chats/c/typing");
        assert!(timeline.take().len() >= 5);
    }

    #[test]
    fn a_message_that_is_sent_meanwhile_ends_the_indicator() {
        let (requested, requests) = mpsc::channel();
        let timeline = Timeline::answering(move |request| {
            requested.send(request.to_owned()).unwrap();
            None
        });
        let client = client(&timeline);
        let sent = client.chats().typing("c").keep_alive().during(|| {
            assert_eq!(requests.recv().unwrap(), "POST /chats/c/typing");
            client.chats().messages("c").send("Hello!").call()
        });
        sent.unwrap();
        let made = timeline.take();
        assert!(made[1].ends_with("POST /chats/c/messages"), "{made:?}");
        // The thread may read its response after the message was sent, and then cannot know which of them came first.
        assert!(made[2..].iter().all(|request| request.ends_with("DELETE /chats/c/typing")), "{made:?}");
        assert!(made.len() <= 3, "{made:?}");
    }

    #[test]
    fn an_error_ends_the_thread_and_fails_nothing() {
        let (requested, requests) = mpsc::channel();
        let timeline = Timeline::answering(move |request| {
            requested.send(request.to_owned()).unwrap();
            error(404, 2001)
        });
        let output = client(&timeline).chats().typing("c").keep_alive().during(|| requests.recv().unwrap());
        assert_eq!((output.as_str(), timeline.take().len()), ("POST /chats/c/typing", 1));
    }
}
