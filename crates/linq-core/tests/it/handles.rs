//! The handles in queries, paths and bodies are checked before anything is sent.

use std::future::IntoFuture as _;

use linq_core::{
    Error, ErrorKind,
    types::{
        available_number::AvailableNumberRetrieveParams,
        capability::HandleCheck,
        chats::NewChat,
        check::Rule,
        contact_card::{ContactCardRetrieveParams, NewContactCard, UpdateContactCard},
        messages::NewMessage,
        payment_requests::NewPaymentRequest,
        payments::{NewPayment, VerifyPaymentHandle},
        phone_numbers::UpdatePhoneNumber,
        webhook_subscriptions::{NewWebhookSubscription, UpdateWebhookSubscription},
    },
};

use super::script::{client, run};

const NUMBER: &str = "+12025550100";
const WRONG: &str = "2025551007";

/// The path of a wrong handle, and the errors of the call without and with `skip_validation`.
type Row = (&'static str, Error, Error);

/// Makes each call that takes a handle with a wrong one, by a client of either kind.
macro_rules! calls {
    ($client:ident, |$call:ident| $error:expr) => {
        calls! { @ $client, |$call| $error,
            "query.from": chats().list().from_line(WRONG).page();
            "query.to": chats().list().to_person(WRONG).page();
            "query.to[1]": available_number().retrieve(AvailableNumberRetrieveParams::new().to([NUMBER, WRONG]));
            "query.exclude_from[0]":
                available_number().retrieve(AvailableNumberRetrieveParams::new().exclude_from([WRONG]));
            "query.phone_number": contact_card().retrieve(ContactCardRetrieveParams::new().phone_number(WRONG));
            "query.phone_number": contact_card().update(WRONG, UpdateContactCard::new());
            "path.phoneNumber": phone_numbers().start_reputation_audit(WRONG);
            "path.phoneNumber": phone_numbers().retrieve_reputation_audit(WRONG, "a1");
            "path.handle": payments().handle(WRONG).connect();
            "path.handle": payments().handle(WRONG).verify(VerifyPaymentHandle::new("c1", "1234"));
            "path.handle": payments().handle(WRONG).connection();
            "path.handle": payments().handle(WRONG).revoke();
            "from": chats().create(NewChat::new(WRONG, [NUMBER], "Hello!"));
            "to[0]": chats().create(NewChat::new(NUMBER, [WRONG], "Hello!"));
            "handle": chats().participants("c1").add(WRONG);
            "handle": chats().participants("c1").remove(WRONG);
            "handle": chats().location("c1").stop(WRONG);
            "to[0]": messages().create(NewMessage::new([WRONG], "Hello!"));
            "exclude_from[0]": messages().create(NewMessage::new([NUMBER], "Hello!").exclude_from([WRONG]));
            "address": capability().check_imessage(WRONG);
            "address": capability().check_rcs(WRONG);
            "from": capability().check_imessage(HandleCheck::new(NUMBER).from_line(WRONG));
            "phone_number": contact_card().create(NewContactCard::new(WRONG, "Ada"));
            "forwarding_number": phone_numbers().update("n1", UpdatePhoneNumber::new().forwarding_number(WRONG));
            "handle": payments().create(NewPayment::new(WRONG, 2500, "usd"));
            "from": payment_requests().create(NewPaymentRequest::new().from_line(WRONG));
            "payer_handle": payment_requests().create(NewPaymentRequest::new().payer_handle(WRONG));
            "phone_numbers[0]": webhook_subscriptions().create(
                NewWebhookSubscription::new("https://example.com", ["message.received"]).phone_numbers([WRONG])
            );
            "phone_numbers[0]":
                webhook_subscriptions().update("s1", UpdateWebhookSubscription::new().phone_numbers([WRONG]));
        }
    };
    (@ $client:ident, |$call:ident| $error:expr, $($path:literal: $resource:ident() $(.$method:ident($($argument:expr),*))+;)+) => {
        vec![$(
            (
                $path,
                { let $call = $client.$resource()$(.$method($($argument),*))+; $error },
                {
                    let $call = $client.$resource()$(.$method($($argument),*))+;
                    let $call = $call.skip_validation().max_attempts(1);
                    $error
                },
            ),
        )+]
    };
}

fn assert_checked(rows: Vec<Row>) {
    for (path, checked, sent) in rows {
        let operation = checked.operation();
        assert_eq!(checked.kind(), ErrorKind::InvalidRequest, "{operation:?}");
        let violation = checked.violation().unwrap();
        assert_eq!((violation.rule, &*violation.path), (Rule::Handle, path), "{operation:?}");
        assert!(!checked.to_string().contains(WRONG), "{checked}");
        assert_eq!((sent.kind(), sent.violation()), (ErrorKind::Transport, None), "{operation:?}");
    }
}

#[test]
fn each_handle_is_checked_unless_validation_is_skipped() {
    let client = client(std::iter::repeat_n(None, 100));
    assert_checked(calls!(client, |call| run(call.into_future()).err().unwrap()));
}

#[cfg(feature = "blocking")]
#[test]
fn each_handle_is_checked_by_the_blocking_client_unless_validation_is_skipped() {
    let client = super::script::blocking_client(std::iter::repeat_n(None, 100));
    assert_checked(calls!(client, |call| call.call().err().unwrap()));
}

#[test]
fn a_list_is_checked_with_the_filter_that_is_sent() {
    let page = || Some((200, r#"{"chats":[]}"#.to_owned()));
    let client = client([page(), page(), page()]);
    let chats = client.chats();
    run(chats.list().to_person(WRONG).to_person(NUMBER).page().into_future()).unwrap();
    run(chats.list().to_person(WRONG).query("to", "anybody").page().into_future()).unwrap();
    assert!(run(chats.list().to_person(WRONG).skip_validation().items().next()).is_none());
    let mut items = chats.list().to_person(WRONG).items();
    assert_eq!(run(items.next()).unwrap().unwrap_err().kind(), ErrorKind::InvalidRequest);
}

/// Short codes can write to a line, so they can be blocked.
#[test]
fn the_block_list_takes_any_handle() {
    let client = client([
        Some((200, r#"{"blocked_handle":{"handle":"24365"}}"#.to_owned())),
        Some((204, String::new())),
    ]);
    run(client.blocked_handles().block("24365").into_future()).unwrap();
    run(client.blocked_handles().unblock("24365").into_future()).unwrap();
}
