use std::time::Duration;

use linq_sandbox::{Assumptions, Location, Sandbox};
use linq_types::{Service, locations::ChatLocationRetrieveResponse};
use serde_json::{Value, json};

use crate::it::{
    api::{ADA, BEN, LINE, text_message},
    stage::Stage,
};

#[tokio::test]
async fn a_shared_location_is_geojson_and_its_beginning_and_end_are_told() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA]).await;
    let path = format!("/v3/chats/{chat_id}/location");
    let nobody = stage.api.get(&path).await;
    assert_eq!(
        nobody.body,
        json!({ "success": true, "data": { "type": "FeatureCollection", "features": [] } })
    );

    let ada = stage.api.sandbox.person(ADA);
    ada.shares_location(&chat_id, Location::new(37.8044, -122.2711).locality("Oakland")).unwrap();
    let started = stage.event("location.sharing.started").await;
    assert_eq!((&started["shared_by"], &started["shared_with"]), (&json!(ADA), &json!(LINE)));
    assert_eq!(started["ends_at"], Value::Null);
    ada.shares_location(&chat_id, Location::new(37.9, -122.3).altitude(12.0)).unwrap();
    assert_eq!(stage.count("location.sharing.started").await, 1);
    let shared = stage.api.get(&path).await;
    let shared: ChatLocationRetrieveResponse = serde_json::from_value(shared.body).unwrap();
    let [feature] = &shared.data.features[..] else { panic!("{shared:?}") };
    assert_eq!(feature.geometry.as_ref().unwrap().coordinates, [-122.3, 37.9, 12.0]);
    assert_eq!(feature.properties.as_ref().unwrap().handle.as_str(), ADA);

    let stopped = stage.api.delete_with(&path, json!({ "handle": ADA })).await;
    assert_eq!((stopped.status.as_u16(), &stopped.body["success"]), (202, &json!(true)));
    assert_eq!(stage.body("location.sharing.stopped").await["trace_id"], stopped.trace_id());
    assert_eq!(stage.api.delete_with(&path, json!({ "handle": ADA })).await.status, 404);
    assert_eq!(ada.stops_sharing_location(&chat_id).unwrap_err().status(), 404);
}

#[tokio::test]
async fn a_sharing_ends_when_its_time_is_over() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA]).await;
    let ada = stage.api.sandbox.person(ADA);
    let hour = Location::new(1.0, 2.0).duration(Duration::from_secs(3_600));
    ada.shares_location(&chat_id, hour.clone()).unwrap();
    stage.api.advance_secs(1_800).await;
    ada.stops_sharing_location(&chat_id).unwrap();
    ada.shares_location(&chat_id, hour).unwrap();
    stage.api.advance_secs(1_800).await;
    assert_eq!(stage.count("location.sharing.stopped").await, 1, "the first end is of no concern any more");
    stage.api.advance_secs(1_800).await;
    assert_eq!(stage.count("location.sharing.stopped").await, 2);
}

#[tokio::test]
async fn a_location_is_asked_for_in_direct_imessage_chats_and_not_too_often() {
    let rules = Assumptions::default().location_request_interval(Duration::from_secs(10));
    let stage = Stage::with(Sandbox::builder().assumptions(rules)).await;
    let (chat_id, _) = stage.chat(&[ADA]).await;
    let ask =
        async |chat_id| stage.api.post(&format!("/v3/chats/{chat_id}/location/request"), json!({})).await;
    let asked = ask(&chat_id).await;
    assert_eq!((asked.status.as_u16(), &asked.body["success"]), (202, &json!(true)));
    let again = ask(&chat_id).await;
    assert_eq!((again.refusal(), again.headers["retry-after"].to_str().unwrap()), ((429, 1007), "10"));
    stage.api.advance_secs(10).await;
    assert_eq!(ask(&chat_id).await.status, 202);
    let (group, _) = stage.chat(&[ADA, BEN]).await;
    assert_eq!(ask(&group).await.refusal(), (409, 2016));
    stage.api.sandbox.person(ADA).on(Service::Rcs);
    stage.api.send_message(&chat_id, text_message("hi")).await;
    assert_eq!(ask(&chat_id).await.refusal(), (409, 2017));
}

#[tokio::test]
async fn the_apis_own_sandbox_has_no_locations() {
    let stage = Stage::with(Sandbox::builder().sandbox_tier()).await;
    let said = stage.api.sandbox.person(ADA).says("Hi!").unwrap();
    let refused = stage.api.get(&format!("/v3/chats/{}/location", said.chat_id)).await;
    assert_eq!(refused.refusal(), (403, 2011));
}
