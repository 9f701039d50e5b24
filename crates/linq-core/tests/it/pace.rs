//! The pace of a client, on a backend whose time passes only while it sleeps.

use std::{future::IntoFuture as _, time::Duration};

use linq_core::{
    Client, Error, ErrorKind, Pace, Retry,
    types::{
        Operation, Rate,
        capability::HandleCheck,
        chats::{NewChat, NewVoiceMemo},
        messages::NewMessage,
        polls::NewPoll,
        reactions::Reaction,
    },
};

use super::{clock::Clock, script::run};

const SECOND: Duration = Duration::from_secs(1);

fn paced(pace: Pace) -> (Clock, Client) {
    let clock = Clock::new();
    let client = Clock::builder().pace(pace).build(clock.clone()).unwrap();
    (clock, client)
}

fn send(client: &Client, chat: &str) -> Result<(), Error> {
    run(client.chats().messages(chat).send("Hello!").into_future()).map(drop)
}

fn create(client: &Client, line: &str) -> Result<(), Error> {
    run(client.chats().create(NewChat::new(line, ["+12025550199"], "Hello!")).into_future()).map(drop)
}

fn seconds(clock: &Clock) -> Vec<u64> {
    clock.times().iter().map(Duration::as_secs).collect()
}

/// Ten at once, then one every three seconds.
fn at_the_pace_of_linq(sends: u64) -> Vec<u64> {
    (0..sends).map(|send| send.saturating_sub(9) * 3).collect()
}

#[test]
fn a_chat_gets_at_most_30_messages_in_any_60_seconds() {
    let (clock, client) = paced(Pace::LINQ);
    for _ in 0..100 {
        send(&client, "c").unwrap();
    }
    assert_eq!(seconds(&clock), at_the_pace_of_linq(100));
    let times = clock.times();
    assert!(times.windows(31).all(|window| window[30] - window[0] > SECOND * 60));
}

#[test]
fn chats_do_not_wait_for_each_other() {
    let (clock, client) = paced(Pace::LINQ);
    for chat in 0..100 {
        send(&client, &format!("c{chat}")).unwrap();
    }
    assert_eq!(clock.elapsed(), Duration::ZERO);
}

#[test]
fn clones_and_derived_clients_share_what_was_sent() {
    let (clock, client) = paced(Pace::LINQ);
    let keys = linq_core::types::events::EventKeys::new(Some("e1"), b"");
    let clients = [
        client.clone(),
        client.for_event(keys),
        client.with_options(|options| options.max_attempts(1)).unwrap(),
        client.for_event(keys).with_options(|options| options.max_attempts(2)).unwrap(),
    ];
    for client in clients.iter().cycle().take(20) {
        send(client, "c").unwrap();
    }
    assert_eq!(seconds(&clock), at_the_pace_of_linq(20));
    let unpaced = client.with_options(|options| options.pace(Pace::new())).unwrap();
    let anew = client.with_options(|options| options.pace(Pace::LINQ)).unwrap();
    let elapsed = clock.elapsed();
    for client in [unpaced.clone(), unpaced, anew] {
        send(&client, "c").unwrap();
    }
    assert_eq!(clock.elapsed(), elapsed);
}

#[test]
fn a_wait_longer_than_the_deadline_is_an_error_at_once_and_nothing_is_sent() {
    let (clock, client) = paced(Pace::LINQ);
    for _ in 0..10 {
        send(&client, "c").unwrap();
    }
    let with = |deadline| run(client.chats().messages("c").send("Hello!").deadline(deadline).into_future());
    let error = with(SECOND * 3).unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Timeout, Some(Operation::ChatsMessagesSend)));
    assert_eq!((error.retry_after(), error.retry()), (Some(SECOND * 3), Retry::After(SECOND * 3)));
    assert_eq!((error.maybe_sent(), error.attempts()), (false, 0));
    insta::assert_snapshot!(error, @"POST /v3/chats/{chatId}/messages: the pace of the client allows it only after the deadline of the call; wait for `retry_after()`, then try again");
    assert_eq!((clock.elapsed(), clock.times().len()), (Duration::ZERO, 10));

    with(SECOND * 4).unwrap();
    assert_eq!(clock.elapsed(), SECOND * 3);
}

#[test]
fn the_longest_wait_that_the_service_may_ask_for_does_not_limit_that_of_the_pace() {
    let (clock, client) = paced(Pace::new().per_chat(Rate::new(1, SECOND * 86_400)));
    send(&client, "c").unwrap();
    run(client.chats().messages("c").send("Hello!").max_retry_after(Duration::ZERO).into_future()).unwrap();
    assert_eq!(seconds(&clock), [0, 86_400]);
}

/// Each request may be executed, whatever its response.
#[test]
fn every_attempt_counts() {
    let (clock, client) = paced(Pace::new().per_chat(Rate::new(2, SECOND * 60)));
    clock.fail(2);
    send(&client, "c").unwrap();
    assert_eq!(seconds(&clock), [0, 60, 120]);

    clock.advance(SECOND * 60);
    clock.fail(1);
    let send = client.chats().messages("c").send("Hello!").deadline(SECOND * 30);
    let error = run(send.into_future()).unwrap_err();
    assert_eq!((error.attempts(), error.maybe_sent()), (1, false));
    assert!(error.retry_after().is_some_and(|wait| wait > SECOND * 59 && wait < SECOND * 60));
}

#[test]
fn a_line_is_limited_by_every_rate_that_it_has() {
    let pace = Pace::new()
        .per_line(Rate::new(2, SECOND * 10).burst(2))
        .per_line(Rate::new(3, SECOND * 1_000).burst(3));
    let (clock, client) = paced(pace);
    for _ in 0..4 {
        create(&client, "+12025550100").unwrap();
    }
    assert_eq!(seconds(&clock), [0, 0, 10, 1_000]);
    create(&client, "+12025550101").unwrap();
    assert_eq!(clock.elapsed().as_secs(), 1_000, "another line has limits of its own");
}

#[test]
fn sends_without_a_line_are_limited_together() {
    let (clock, client) = paced(Pace::new().per_line(Rate::new(1, SECOND * 60)));
    send(&client, "c").unwrap();
    send(&client, "d").unwrap();
    run(client.messages().create(NewMessage::new(["+12025550199"], "Hello!")).into_future()).unwrap();
    create(&client, "+12025550100").unwrap();
    assert_eq!(seconds(&clock), [0, 60, 120, 120]);
}

#[test]
fn sends_that_name_recipients_are_limited_for_each_line_and_person() {
    let (clock, client) = paced(Pace::LINQ);
    for _ in 0..20 {
        create(&client, "+12025550100").unwrap();
    }
    assert_eq!(seconds(&clock), at_the_pace_of_linq(20));
    let elapsed = clock.elapsed();
    create(&client, "+12025550101").unwrap();
    send(&client, "c").unwrap();
    let to = |people: &[&str]| {
        run(client.messages().create(NewMessage::new(people.to_vec(), "Hello!")).into_future())
    };
    to(&["+12025550198", "+12025550197"]).unwrap();
    assert_eq!(clock.elapsed(), elapsed, "other lines, chats and people do not wait");
    for _ in 0..10 {
        to(&["+12025550197"]).unwrap();
    }
    assert_eq!(clock.elapsed(), elapsed + SECOND * 3, "each person of a group counts");
}

#[test]
fn the_sandbox_of_the_service_gets_at_most_100_messages_in_a_day() {
    let (clock, client) = paced(Pace::LINQ_SANDBOX);
    for chat in 0..300 {
        match chat % 3 {
            0 => create(&client, "+12025550100").unwrap(),
            _ => send(&client, &format!("c{chat}")).unwrap(),
        }
    }
    let times = clock.times();
    let day = SECOND * 86_400;
    assert!(times.windows(101).all(|window| window[100] - window[0] > day));
    assert!(times[49] < SECOND * 60 && times[299] < day * 6, "{:?} {:?}", times[49], times[299]);
}

#[test]
fn capability_checks_are_made_once_in_ten_seconds_and_count_apart() {
    let (clock, client) = paced(Pace::LINQ);
    let check = HandleCheck::new("+12025550199");
    run(client.capability().check_imessage(check.clone()).raw().into_future()).unwrap();
    run(client.capability().check_rcs(check.clone()).raw().into_future()).unwrap();
    send(&client, "c").unwrap();
    let error = run(client.capability().check_rcs(check).deadline(SECOND).into_future()).unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
    assert_eq!(seconds(&clock), [0, 10, 10]);
}

#[test]
fn whatever_sends_a_message_counts_and_nothing_else() {
    let (clock, client) = paced(Pace::new().per_chat(Rate::new(1, SECOND * 60)));
    let chats = client.chats();
    let memo = || NewVoiceMemo::from_url("https://example.com/hello.m4a");
    run(async {
        chats.polls("c").create(NewPoll::new(["a", "b"])).await.unwrap();
        chats.send_voicememo("c", memo()).raw().await.unwrap();
        chats.messages("c").send("Hello!").await.unwrap();
        chats.typing("c").start().await.unwrap();
        client.messages().add_reaction("m", Reaction::LOVE).raw().await.unwrap();
        chats.mark_as_read("c").await.unwrap();
    });
    assert_eq!(seconds(&clock), [0, 60, 120, 120, 120, 120]);
}

#[test]
fn a_clock_that_is_set_back_does_not_stop_the_sends() {
    let (clock, client) = paced(Pace::LINQ);
    clock.advance(SECOND * 31_536_000);
    for _ in 0..10 {
        send(&client, "c").unwrap();
    }
    clock.set_back(SECOND * 31_536_000);
    for _ in 0..3 {
        send(&client, "c").unwrap();
    }
    assert_eq!(clock.elapsed(), SECOND * 6);
}

#[test]
fn a_backend_without_a_clock_makes_no_client_with_a_pace() {
    let error = Clock::builder().pace(Pace::LINQ).build(Clock::without_clock()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    insta::assert_snapshot!(error, @"invalid pace: the backend has no clock, without which no pace can be kept; use a backend with a clock, or do not call `ClientBuilder::pace`");
    let client = Clock::builder().build(Clock::without_clock()).unwrap();
    assert!(client.with_options(|options| options.pace(Pace::LINQ)).is_err());
    assert!(client.with_options(|options| options.pace(Pace::new())).is_ok());
}

#[cfg(feature = "blocking")]
#[test]
fn the_blocking_client_keeps_the_pace() {
    let clock = Clock::new();
    let client = Clock::builder().pace(Pace::LINQ).build_blocking(clock.clone()).unwrap();
    for client in [client.clone(), client.clone()].iter().cycle().take(40) {
        client.chats().messages("c").send("Hello!").call().unwrap();
    }
    assert_eq!(seconds(&clock), at_the_pace_of_linq(40));
    let error = client.chats().messages("c").send("Hello!").deadline(SECOND).call().unwrap_err();
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::Timeout, Some(SECOND * 3)));
    assert_eq!((error.maybe_sent(), clock.times().len()), (false, 40));
}
