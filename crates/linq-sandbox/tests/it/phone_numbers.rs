use linq_sandbox::Sandbox;
use linq_types::phone_numbers::PhoneNumberListResponse;

use super::api::Api;

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
