//! Rules 39 and 43 to 45: contact cards, capability checks, lines.

use std::time::Duration;

use linq_sandbox::{LineFault, Sandbox};
use linq_types::{
    HealthStatusKind, LineType, Service,
    available_number::AvailableNumberRetrieveResponse,
    capability::HandleCheckResponse,
    contact_card::ContactCardRetrieveResponse,
    phone_numbers::{PhoneNumberListResponse, ReputationAudit, ReputationAuditStatus},
};
use serde_json::json;

use crate::it::{
    api::{ADA, Api, BEN, LINE},
    receiver::Receiver,
};

const SECOND_LINE: &str = "+12025550101";
const SECOND: Duration = Duration::from_secs(1);

async fn two_lines() -> Api {
    Api::with(Sandbox::builder().phone_number(LINE).phone_number(SECOND_LINE)).await
}

#[tokio::test]
async fn rule_39_sharing_needs_an_active_card_and_is_once_in_five_minutes() {
    let api = Api::start().await;
    let (chat_id, _) = api.chat_with_ada().await;
    let path = format!("/v3/chats/{chat_id}/share_contact_card");
    assert_eq!(api.post(&path, json!({})).await.refusal(), (404, 2012));
    api.post("/v3/contact_card", json!({ "phone_number": LINE, "first_name": "Ada" })).await;
    assert_eq!(api.post(&path, json!({})).await.status, 204);
    api.sandbox.advance(SECOND * 60).await;
    let refused = api.post(&path, json!({})).await;
    assert_eq!(refused.refusal(), (429, 1007));
    let wait = refused.body["error"]["retry_after"].as_u64().unwrap();
    assert!((235..=240).contains(&wait), "{wait}");
    api.sandbox.advance(SECOND * 240).await;
    assert_eq!(api.post(&path, json!({})).await.status, 204);
}

#[tokio::test]
async fn rule_43_capability_checks_tell_what_a_person_has() {
    for (service, has_rcs, imessage, rcs) in [
        (None, false, true, false),
        (Some(Service::Sms), false, false, false),
        (Some(Service::Rcs), false, false, true),
        (Some(Service::IMessage), true, true, true),
    ] {
        let api = Api::start().await;
        if let Some(service) = &service {
            let ada = api.sandbox.person(ADA).on(service.clone());
            let _ = if has_rcs { ada.with_rcs() } else { ada.without_rcs() };
        }
        for (path, available, name) in [("check_imessage", imessage, "iMessage"), ("check_rcs", rcs, "RCS")] {
            let reply = api.post(&format!("/v3/capability/{path}"), json!({ "address": ADA })).await;
            assert_eq!(reply.status, 200, "{reply:?}");
            let expected = match available {
                true => json!({ "address": ADA, "available": true, "selected_service": name }),
                false => json!({ "address": ADA, "available": false, "reason": "not_supported" }),
            };
            assert_eq!(reply.body, expected, "{service:?}");
            serde_json::from_value::<HandleCheckResponse>(reply.body).unwrap();
            api.sandbox.advance(SECOND * 10).await;
        }
    }
}

#[tokio::test]
async fn rule_43_one_capability_check_in_10_seconds() {
    let api = Api::start().await;
    let check = || api.post("/v3/capability/check_imessage", json!({ "address": ADA, "from": LINE }));
    assert_eq!(check().await.status, 200);
    api.sandbox.advance(SECOND * 8).await;
    let refused = check().await;
    assert_eq!(refused.refusal(), (429, 1007));
    let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    api.sandbox.advance(SECOND * 2).await;
    assert_eq!(check().await.status, 200);
}

#[tokio::test]
async fn rule_43_a_check_that_makes_no_sense_is_refused_and_does_not_count() {
    let api = Api::start().await;
    for (path, body, refusal) in [
        ("check_rcs", json!({ "address": "ada@example.com" }), (400, 1002)),
        ("check_imessage", json!({ "address": "555" }), (400, 1002)),
        ("check_imessage", json!({}), (400, 1001)),
        ("check_imessage", json!({ "address": 7 }), (400, 1003)),
        ("check_imessage", json!({ "address": ADA, "from": BEN }), (403, 2006)),
    ] {
        let reply = api.post(&format!("/v3/capability/{path}"), body.clone()).await;
        assert_eq!(reply.refusal(), refusal, "{body}");
    }
    let email = json!({ "address": "ada@example.com" });
    assert_eq!(api.post("/v3/capability/check_imessage", email).await.body["available"], true);
}

#[tokio::test]
async fn rule_43_faults_of_a_line_are_503_and_another_line_is_chosen() {
    let api = two_lines().await;
    for (fault, code) in
        [(LineFault::RcsOff, 4004), (LineFault::NoRcsAccount, 4009), (LineFault::CheckFails, 4010)]
    {
        api.sandbox.line(LINE).set_fault(fault).unwrap();
        let asked = api.post("/v3/capability/check_rcs", json!({ "address": ADA, "from": LINE })).await;
        assert_eq!(asked.refusal(), (503, code));
        api.sandbox.advance(SECOND * 10).await;
    }
    let check = || api.post("/v3/capability/check_rcs", json!({ "address": ADA }));
    assert_eq!(check().await.status, 200);
    api.sandbox.line(SECOND_LINE).set_fault(LineFault::CheckFails).unwrap();
    api.sandbox.advance(SECOND * 10).await;
    assert_eq!(check().await.refusal(), (503, 4010));
    api.sandbox.line(LINE).set_fault(None).unwrap();
    api.sandbox.advance(SECOND * 10).await;
    assert_eq!(check().await.status, 200);
}

#[tokio::test]
async fn rule_44_forwarding_is_set_and_cleared_by_the_id_of_the_line() {
    let api = Api::start().await;
    let receiver = Receiver::start().await;
    api.subscribe(&receiver, "", json!({ "subscribed_events": ["phone_number.forwarding_updated"] })).await;
    let lines: PhoneNumberListResponse =
        serde_json::from_value(api.get("/v3/phone_numbers").await.body).unwrap();
    let id = &lines.phone_numbers[0].id;
    let path = format!("/v3/phone_numbers/{id}");
    for (wanted, stored) in [
        (json!("+12025550188"), json!("+12025550188")),
        (json!(""), json!(null)),
        (json!("+12025550177"), json!("+12025550177")),
        (json!(null), json!(null)),
        (json!(null), json!(null)),
    ] {
        let reply = api.put(&path, json!({ "forwarding_number": wanted })).await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.body, json!({ "id": id, "phone_number": LINE, "forwarding_number": stored }));
        let listed = api.get("/v3/phone_numbers").await.body;
        assert_eq!(listed["phone_numbers"][0]["forwarding_number"], stored);
    }
    for (path, body, refusal) in [
        (path.as_str(), json!({}), (400, 1001)),
        (&path, json!({ "forwarding_number": "555" }), (400, 1002)),
        (&path, json!({ "forwarding_number": 7 }), (400, 1003)),
        ("/v3/phone_numbers/none", json!({ "forwarding_number": null }), (404, 2019)),
        (&format!("/v3/phone_numbers/{LINE}"), json!({ "forwarding_number": null }), (404, 2019)),
    ] {
        assert_eq!(api.put(path, body.clone()).await.refusal(), refusal, "{body}");
    }
    let changes: Vec<_> =
        receiver.wait_for(4).await.iter().map(|one| one.body["data"]["change"].clone()).collect();
    assert_eq!(changes.len(), 4);
    assert!(changes.contains(&json!({ "from": null, "to": "+12025550188" })), "{changes:?}");
}

#[tokio::test]
async fn rule_44_the_deprecated_list_has_the_same_lines() {
    let api = two_lines().await;
    let (old, new) = (api.get("/v3/phonenumbers").await, api.get("/v3/phone_numbers").await);
    assert_eq!(old.status, 200);
    for at in 0..2 {
        for field in ["id", "phone_number"] {
            assert_eq!(old.body["phone_numbers"][at][field], new.body["phone_numbers"][at][field]);
        }
        assert_eq!(old.body["phone_numbers"][at]["capabilities"]["sms"], true);
    }
}

#[tokio::test]
async fn the_standing_of_a_line_is_told_when_it_changes() {
    let api = Api::start().await;
    let receiver = Receiver::start().await;
    api.subscribe(&receiver, "", json!({ "subscribed_events": ["phone_number.status_updated"] })).await;
    let line = api.sandbox.line(LINE);
    line.flag().unwrap();
    line.flag().unwrap();
    let data = &receiver.wait_for(1).await[0].body["data"];
    assert_eq!((&data["previous_status"], &data["new_status"]), (&json!("ACTIVE"), &json!("FLAGGED")));
    line.set_reputation(HealthStatusKind::AtRisk).unwrap();
    let data = &receiver.wait_for(2).await[1].body["data"];
    assert_eq!((&data["previous_status"], &data["new_status"]), (&json!("FLAGGED"), &json!("FLAGGED")));
    assert_eq!(
        (&data["previous_reputation"], &data["new_reputation"]),
        (&json!("HEALTHY"), &json!("AT_RISK"))
    );
    assert_eq!(data["phone_number"], LINE);
    let listed = api.get("/v3/phone_numbers").await.body;
    assert_eq!(listed["phone_numbers"][0]["reputation"]["status"], "AT_RISK");
}

#[tokio::test]
async fn an_audit_runs_once_at_a_time_and_then_cools_down() {
    let api = two_lines().await;
    let said = api.sandbox.person(ADA).opts_out().unwrap();
    let path = format!("/v3/phone_numbers/{LINE}/reputation_audit");
    let started = api.post(&path, json!({})).await;
    assert_eq!((started.status.as_u16(), &started.body["status"]), (202, &json!("pending")));
    assert_eq!(api.post(&path, json!({})).await.body, started.body);
    let id = started.body["audit_id"].as_str().unwrap();
    let audit = async || -> ReputationAudit {
        serde_json::from_value(api.get(&format!("{path}/{id}")).await.body).unwrap()
    };
    assert_eq!(audit().await.status, Some(ReputationAuditStatus::Pending));
    assert!(audit().await.report.is_none());
    api.sandbox.advance(SECOND * 30).await;
    let complete = audit().await;
    assert_eq!(complete.status, Some(ReputationAuditStatus::Complete));
    let evidence = complete.report.unwrap().evidence.unwrap();
    assert_eq!(evidence.opt_out_chats[0].chat_id.as_ref(), Some(&said.chat_id));
    assert_eq!(api.post(&path, json!({})).await.refusal(), (429, 1007));
    let other = format!("/v3/phone_numbers/{SECOND_LINE}/reputation_audit");
    assert_eq!(api.get(&format!("{other}/{id}")).await.status, 404, "the id is good for its line only");
    assert_eq!(api.post(&other, json!({})).await.status, 202);
    api.sandbox.advance(SECOND * 3_600).await;
    assert_ne!(api.post(&path, json!({})).await.body["audit_id"], id);
    let foreign = format!("/v3/phone_numbers/{ADA}/reputation_audit");
    assert_eq!(api.post(&foreign, json!({})).await.refusal(), (403, 2006));
}

#[tokio::test]
async fn the_available_number_is_that_of_the_chat_or_the_least_busy_one_that_can_send() {
    let api = two_lines().await;
    let ask = async |query: &str| api.get(&format!("/v3/available_number{query}")).await;
    let line = async |query: &str| -> String {
        let reply: AvailableNumberRetrieveResponse = serde_json::from_value(ask(query).await.body).unwrap();
        assert!(reply.vcf_url.unwrap().starts_with("http://127.0.0.1:"));
        reply.phone_number.to_string()
    };
    let (ada, ben) = ("%2B12025550199", "%2B12025550198");
    assert_eq!(line("").await, LINE);
    api.create_chat(&[ADA], "Hi").await;
    assert_eq!(line("").await, SECOND_LINE, "which has no chat");
    assert_eq!(line(&format!("?to={ada}")).await, LINE, "where the chat is");
    assert_eq!(line(&format!("?to={ada}%2C{ben}")).await, SECOND_LINE);
    assert_eq!(line(&format!("?to={ada}&exclude_from=%2B12025550100")).await, SECOND_LINE);
    api.sandbox.line(LINE).flag().unwrap();
    assert_eq!(line(&format!("?to={ada}")).await, SECOND_LINE);
    assert_eq!(ask("?type=RCS").await.refusal(), (409, 2015));
    api.sandbox.line(SECOND_LINE).set_type(LineType::Rcs).unwrap();
    assert_eq!(line("?type=RCS").await, SECOND_LINE);
    for (query, refusal) in [
        ("?type=SMS", (400, 1005)),
        ("?to=555", (400, 1002)),
        ("?exclude_from=555", (400, 1002)),
        ("?exclude_from=%2B12025550199", (400, 1005)),
        ("?exclude_from=%2B12025550100,%2B12025550101", (400, 1005)),
    ] {
        assert_eq!(ask(query).await.refusal(), refusal, "{query}");
    }
}

#[tokio::test]
async fn rule_45_a_card_is_made_once_then_changed_three_calls_in_10_minutes() {
    let api = two_lines().await;
    let card = json!({ "phone_number": LINE, "first_name": "Ada", "last_name": "Lovelace" });
    let created = api.post("/v3/contact_card", card.clone()).await;
    assert_eq!(created.status, 201);
    let mut expected = card.clone();
    expected["is_active"] = true.into();
    assert_eq!(created.body, expected);
    assert_eq!(api.post("/v3/contact_card", card.clone()).await.refusal(), (409, 2014));

    let path = "/v3/contact_card?phone_number=%2B12025550100";
    let updated = api.patch(path, json!({ "image_url": "https://example.com/a.png", "age": 36 })).await;
    expected["image_url"] = "https://example.com/a.png".into();
    assert_eq!((updated.status.as_u16(), &updated.body), (200, &expected));
    assert_eq!(api.patch(path, json!({})).await.refusal(), (429, 1007));
    assert_eq!(api.post("/v3/contact_card", card).await.refusal(), (429, 1007));
    let other = json!({ "phone_number": SECOND_LINE, "first_name": "Ben" });
    assert_eq!(api.post("/v3/contact_card", other).await.status, 201, "each line counts for itself");
    api.sandbox.advance(SECOND * 600).await;
    assert_eq!(api.patch(path, json!({ "first_name": "Augusta" })).await.body["first_name"], "Augusta");
}

#[tokio::test]
async fn rule_45_cards_are_read_by_line_or_all_at_once() {
    let api = two_lines().await;
    assert_eq!(api.get("/v3/contact_card").await.body, json!({ "contact_cards": [] }));
    assert_eq!(api.get("/v3/contact_card?phone_number=%2B12025550100").await.refusal(), (404, 2012));
    for (line, name) in [(LINE, "Ada"), (SECOND_LINE, "Ben")] {
        api.post("/v3/contact_card", json!({ "phone_number": line, "first_name": name })).await;
    }
    let all = api.get("/v3/contact_card").await.body;
    let all: ContactCardRetrieveResponse = serde_json::from_value(all).unwrap();
    assert_eq!(all.contact_cards.len(), 2);
    let one = api.get("/v3/contact_card?phone_number=%2B12025550101").await.body;
    assert_eq!(one["contact_cards"].as_array().unwrap().len(), 1);
    assert_eq!(one["contact_cards"][0]["first_name"], "Ben");
}

#[tokio::test]
async fn rule_45_what_makes_no_card_is_refused() {
    let api = Api::start().await;
    for (body, refusal) in [
        (json!({ "phone_number": ADA, "first_name": "Ada" }), (403, 2006)),
        (json!({ "phone_number": "555", "first_name": "Ada" }), (400, 1002)),
        (json!({ "phone_number": LINE }), (400, 1001)),
        (json!({ "phone_number": LINE, "first_name": 7 }), (400, 1003)),
        (json!({ "phone_number": LINE, "first_name": " " }), (400, 1005)),
        (json!({ "phone_number": LINE, "first_name": "Ada", "image_url": "a.png" }), (400, 1005)),
    ] {
        assert_eq!(api.post("/v3/contact_card", body.clone()).await.refusal(), refusal, "{body}");
    }
    assert_eq!(api.patch("/v3/contact_card", json!({})).await.refusal(), (400, 1001));
    let path = "/v3/contact_card?phone_number=%2B12025550100";
    assert_eq!(api.patch(path, json!({ "first_name": "Ada" })).await.refusal(), (404, 2012));
    assert_eq!(api.patch(path, json!({ "last_name": [] })).await.refusal(), (400, 1003));
}

#[tokio::test]
async fn cards_are_told_when_made_changed_and_received() {
    let api = Api::start().await;
    let receiver = Receiver::start().await;
    let events = ["contact_card.created", "contact_card.updated", "contact_card.received"];
    api.subscribe(&receiver, "", json!({ "subscribed_events": events })).await;
    let made = api.post("/v3/contact_card", json!({ "phone_number": LINE, "first_name": "Ada" })).await;
    let created = receiver.wait_for_event("contact_card.created").await.body;
    assert_eq!(created["trace_id"], made.trace_id());
    assert_eq!(created["data"]["contact_card"]["first_name"], "Ada");
    assert_eq!(created["data"]["phone_number"], LINE);

    api.patch("/v3/contact_card?phone_number=%2B12025550100", json!({ "first_name": "Augusta" })).await;
    let updated = receiver.wait_for_event("contact_card.updated").await.body;
    assert_eq!(updated["data"]["change"], json!({ "first_name": { "from": "Ada", "to": "Augusta" } }));
    assert_eq!(updated["data"]["contact_card"]["id"], created["data"]["contact_card"]["id"]);

    api.sandbox.person(BEN).sends_contact_card("Ben", "River", None).unwrap();
    let received = receiver.wait_for_event("contact_card.received").await.body;
    let expected = json!({
        "first_name": "Ben", "last_name": "River", "owner_handle": LINE, "sender_handle": BEN,
    });
    assert_eq!(received["data"], expected);
}

#[tokio::test]
async fn the_lines_are_listed() {
    let lines = ["+12025550100", "+12025550101"];
    let builder = lines.iter().fold(Sandbox::builder(), |builder, line| builder.phone_number(*line));
    let api = Api::with(builder).await;
    let reply = api.get("/v3/phone_numbers").await;
    assert_eq!(reply.status, 200);
    let list: PhoneNumberListResponse = serde_json::from_value(reply.body).unwrap();
    let listed: Vec<_> = list.phone_numbers.iter().map(|line| line.phone_number.as_str()).collect();
    assert_eq!(listed, lines);
    assert!(list.phone_numbers.iter().all(|line| line.reputation.is_some()));
}
