//! `data/endpoints.txt` has every endpoint of the API: its id, its method and its path.

use linq_sandbox::operations;
use serde_json::json;

use super::api::Api;

const ENDPOINTS: &str = include_str!("../data/endpoints.txt");

/// A path with the names of its parameters left out.
fn without_names(path: &str) -> String {
    let segments = path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

#[test]
fn the_table_has_every_endpoint_of_the_api() {
    let mut table: Vec<_> = operations()
        .iter()
        .map(|one| format!("{} {} {}", one.id, one.method, without_names(one.path)))
        .collect();
    table.sort_unstable();
    let endpoints: Vec<_> = ENDPOINTS.lines().map(without_names).collect();
    assert_eq!(endpoints.len(), 70);
    assert_eq!(table, endpoints);
}

#[tokio::test]
async fn every_endpoint_has_a_route() {
    const NO_ROUTE: &str = "the paths that the sandbox knows begin with";

    let api = Api::still().await;
    assert!(api.get("/v3/comets").await.error_message().contains(NO_ROUTE));
    for operation in operations() {
        let path = operation.path.replace(['{', '}'], "");
        let reply = api.send(api.request(operation.method.clone(), &path, json!({}).to_string())).await;
        let answered = reply.status.is_success() || !reply.error_message().contains(NO_ROUTE);
        assert!(answered, "{operation}: {reply:?}");
    }
}
