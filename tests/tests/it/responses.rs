//! Answers of the API (`data/v3-responses`): read as the endpoint's type and written again, they lose nothing.

use linq_cli::call::Endpoint;
use serde_json::Value;

use super::{
    recordings::{json_files, recordings},
    same::difference,
    script::{Answer, Script},
};

#[tokio::test]
async fn an_answer_read_and_written_again_loses_nothing() {
    let (files, recordings) = (json_files("v3-responses"), recordings());
    let mut faults = Vec::new();
    for (name, text) in &files {
        let (id, _) = name.rsplit_once('.').unwrap();
        let given: Value = serde_json::from_str(text).unwrap();
        let call = &recordings.iter().find(|recording| recording.call.id == id).unwrap().call;
        let Some(endpoint) = Endpoint::find(id) else {
            faults.push(format!("{name}: there is no such endpoint"));
            continue;
        };
        let client = Script::new([Answer::json(200, &given)]).unchecked();
        match endpoint.call(&client, &call.parameters()).unwrap().await {
            Ok(answer) => {
                faults.extend(difference(&answer.to_json(), &given).map(|at| format!("{name}: {at}")))
            }
            Err(error) => faults.push(format!("{name}: {error:?}")),
        }
    }
    println!("{} of {} answers came through", files.len() - faults.len(), files.len());
    assert_eq!(faults, [""; 0]);
    assert_eq!(files.len(), 77);
}
