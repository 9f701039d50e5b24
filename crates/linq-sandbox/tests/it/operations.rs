//! Every operation of the API has a route.

use http::Method;
use linq_types::Operation;
use serde_json::json;

use super::api::Api;

#[tokio::test]
async fn every_operation_is_answered_and_other_paths_are_not() {
    const NO_ROUTE: &str = "no such endpoint";

    let api = Api::still().await;
    assert!(api.get("/v3/comets").await.error_message().contains(NO_ROUTE));
    for operation in Operation::ALL {
        let path = operation.route().replace(['{', '}'], "");
        let method = Method::from_bytes(operation.method().as_str().as_bytes()).unwrap();
        let reply = api.send(api.request(method, &path, json!({}).to_string())).await;
        let answered = reply.status.is_success() || !reply.error_message().contains(NO_ROUTE);
        assert!(answered, "{operation}: {reply:?}");
    }
}
