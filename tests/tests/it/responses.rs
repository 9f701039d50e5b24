//! Responses of the API (`data/v3-responses`), decoded as the type of the endpoint and encoded again.

use linq_types::Operation;
use serde_json::Value;

use super::{
    recordings::{json_files, recordings},
    same::difference,
    script::{Answer, Script},
};
use crate::cli::endpoint::Endpoint;

#[tokio::test]
async fn a_response_that_is_decoded_and_encoded_loses_nothing() {
    let (files, recordings) = (json_files("v3-responses"), recordings());
    let mut faults = Vec::new();
    for (name, text) in &files {
        let (id, _) = name.rsplit_once('.').unwrap();
        let given: Value = serde_json::from_str(text).unwrap();
        let call = &recordings.iter().find(|recording| recording.call.id == id).unwrap().call;
        let endpoint = Endpoint::of(Operation::from_id(id).unwrap_or_else(|| panic!("unknown {id}")));
        let client = Script::new([Answer::json(200, &given)]).without_validation();
        match endpoint.call(&client, &call.parameters()).unwrap().await {
            Ok(answer) => {
                faults.extend(difference(&answer.to_json(), &given).map(|at| format!("{name}: {at}")))
            }
            Err(error) => faults.push(format!("{name}: {error:?}")),
        }
    }
    assert_eq!(faults, [""; 0]);
    assert!(files.len() >= 77, "only {} responses", files.len());
}
