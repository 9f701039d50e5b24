use linq_types::Operation;
use serde_json::{Value, json};

use crate::{
    cli::endpoint::Endpoint,
    it::{
        recordings::{Exchange, Recording, Request, items, recordings},
        same::difference,
        script::{Answer, Received, Script},
    },
};

/// Makes the call of each exchange through the typed client, and returns the differences from the recording.
async fn faults(recording: &Recording) -> Vec<String> {
    let mut faults = Vec::new();
    for (at, run) in recording.runs.iter().enumerate() {
        match replay(recording, run).await {
            Ok(ids) if at == 0 && recording.item_ids.as_ref().is_some_and(|recorded| *recorded != ids) => {
                faults.push(format!("{}: the items are {ids:?}", recording.name));
            }
            Ok(_) => {}
            Err(fault) => faults.push(format!("{}: {fault}", recording.name)),
        }
    }
    faults
}

/// Returns the ids of the items of all pages.
async fn replay(recording: &Recording, run: &[Exchange]) -> Result<Vec<String>, String> {
    let operation = Operation::from_id(&recording.call.id).ok_or("not in the operation table")?;
    let script = Script::new(run.iter().map(|exchange| match &exchange.response.body {
        Value::Null => Answer::empty(exchange.response.status),
        body => Answer::json(exchange.response.status, body),
    }));
    let (client, _) = script.clients(|builder| match recording.rejected {
        true => builder.skip_validation().max_attempts(1),
        false => builder.max_attempts(1),
    });
    let mut call = recording.call.clone();
    let mut ids = Vec::new();
    for exchange in run {
        let ready = Endpoint::of(operation)
            .call(&client, &call.parameters())
            .map_err(|invalid| invalid.to_string())?;
        let answer = ready.await.map_err(|error| format!("{error:?}"))?.to_json();
        let sent = script.played().requests.pop().ok_or("nothing was sent")?;
        compare(&sent, &exchange.request)?;
        if let Some(difference) = difference(&answer, &exchange.response.body) {
            return Err(format!("the answer, read and written again: {difference}"));
        }
        call.turn_to(&answer["next_cursor"]);
        ids.extend(items(&answer).filter_map(|item| Some(item["id"].as_str()?.to_owned())));
    }
    Ok(ids)
}

fn compare(sent: &Received, recorded: &Request) -> Result<(), String> {
    let mut headers = sent.plain_headers();
    let mut body: Value = match &*sent.body {
        b"" => Value::Null,
        json => serde_json::from_slice(json).map_err(|error| error.to_string())?,
    };
    let mut keys = take_added_keys(&mut body, &recorded.body);
    if !recorded.headers.contains_key("idempotency-key") {
        keys.extend(headers.remove("idempotency-key"));
    }
    if keys.iter().any(|key| key.is_empty() || *key != keys[0]) {
        return Err(format!("the client added the keys {keys:?}"));
    }
    let expected = (&*recorded.method, &*recorded.path, pairs(&recorded.query));
    let found = (sent.method.as_str(), sent.uri.path(), pairs(sent.uri.query().unwrap_or_default()));
    if found != expected {
        return Err(format!("sent {found:?}, recorded {expected:?}"));
    }
    if headers != recorded.headers {
        return Err(format!("sent {headers:?}, recorded {:?}", recorded.headers));
    }
    if body != recorded.body {
        return Err(format!("sent {body}, recorded {}", recorded.body));
    }
    let length = if keys.is_empty() { sent.body.len() } else { recorded.content_length.unwrap_or_default() };
    if length != recorded.content_length.unwrap_or_default() {
        return Err(format!("sent {length} bytes, recorded {:?}", recorded.content_length));
    }
    Ok(())
}

/// Removes and returns the idempotency keys that are not in the recording.
fn take_added_keys(body: &mut Value, recorded: &Value) -> Vec<String> {
    let mut keys = Vec::new();
    for (pointer, recorded) in ["", "/message", "/poll"].map(|pointer| (pointer, recorded.pointer(pointer))) {
        let recorded = recorded.and_then(|object| object.get("idempotency_key"));
        if let (Some(Value::Object(fields)), None) = (body.pointer_mut(pointer), recorded) {
            keys.extend(
                fields.remove("idempotency_key").map(|key| key.as_str().unwrap_or_default().to_owned()),
            );
        }
    }
    keys
}

/// The decoded parameters of a query, sorted by name.
fn pairs(query: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    pairs.sort();
    pairs
}

#[tokio::test]
async fn every_recorded_call_is_sent_as_recorded_and_its_response_loses_nothing() {
    let recordings = recordings();
    let mut failed = Vec::new();
    for recording in &recordings {
        failed.extend(faults(recording).await);
    }
    assert_eq!(failed, [""; 0], "{} faults", failed.len());
    assert!(recordings.len() >= 251, "only {} recordings", recordings.len());
}

#[test]
fn only_the_keys_that_the_client_added_are_removed() {
    let mut body = json!({"message": {"idempotency_key": "k", "parts": []}});
    assert_eq!(take_added_keys(&mut body, &json!({"message": {"parts": []}})), ["k"]);
    assert_eq!(body, json!({"message": {"parts": []}}));
    let recorded = json!({"idempotency_key": "k"});
    assert_eq!(take_added_keys(&mut recorded.clone(), &recorded), [""; 0]);
}
