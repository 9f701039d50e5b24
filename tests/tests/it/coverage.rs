//! The operation table, the models and the calls, compared with what the API is known to have (`data/facts.json`).

use std::collections::BTreeMap;

use http::Method;
use linq_core::ErrorKind;
use linq_types::Operation;
use serde::Deserialize;
use serde_json::{Value, json};

use self::samples::{Fields, Samples, Type};
use super::{
    same::difference,
    script::{Answer, Script},
    workspace::read,
};
use crate::cli::endpoint::Endpoint;

pub(super) mod samples;

/// What one version of the API has.
#[derive(Deserialize)]
pub(super) struct Facts {
    pub(super) endpoints: BTreeMap<String, EndpointFacts>,
    pub(super) models: BTreeMap<String, Fields>,
}

#[derive(Deserialize)]
pub(super) struct EndpointFacts {
    method: String,
    path: String,
    pub(super) path_params: Vec<String>,
    pub(super) query: Fields,
    pub(super) headers: Vec<String>,
    pub(super) body: Option<Fields>,
    response: Option<Type>,
}

/// The numbers of samples, and the facts without a counterpart.
#[derive(Default)]
struct Coverage {
    requests: usize,
    responses: usize,
    faults: Vec<String>,
}

impl Coverage {
    async fn of(facts: &Facts) -> Self {
        let mut coverage = Self::default();
        for (id, endpoint) in &facts.endpoints {
            match Operation::from_id(id) {
                Some(operation) => coverage.walk(facts, endpoint, operation).await,
                None => coverage.faults.push(format!("{id}: not in the operation table")),
            }
        }
        coverage
    }

    /// Makes samples of the endpoint's requests and responses until every possible value has occurred in one.
    async fn walk(&mut self, facts: &Facts, endpoint: &EndpointFacts, operation: Operation) {
        let found = Endpoint::of(operation);
        let mut requests = Samples::new(&facts.models);
        while let Some(parameters) = requests.next(|samples| endpoint.parameters(samples)) {
            self.requests += 1;
            let fault = endpoint.request_fault(found, &parameters).await;
            self.faults.extend(fault.map(|fault| format!("{operation}: {fault}")));
        }
        let Some(response) = &endpoint.response else { return };
        let parameters = Samples::new(&facts.models).next(|samples| endpoint.parameters(samples)).unwrap();
        let mut responses = Samples::new(&facts.models);
        while let Some(answer) = responses.next(|samples| samples.of("", response)) {
            self.responses += 1;
            let fault = response_fault(found, &parameters, answer).await;
            self.faults.extend(fault.map(|fault| format!("{operation}: {fault}")));
        }
        self.faults.dedup();
    }
}

impl EndpointFacts {
    fn parameters(&self, samples: &mut Samples<'_>) -> Value {
        let path: BTreeMap<_, _> = self.path_params.iter().map(|name| (name, name)).collect();
        let headers: BTreeMap<_, _> = self.headers.iter().map(|name| (name, samples::TEXT)).collect();
        let query = samples.object("query", &self.query);
        let body = self.body.as_ref().map(|body| samples.object("body", body));
        json!({"path_params": path, "query": query, "headers": headers, "body": body})
    }

    /// Returns the error in how the endpoint decodes or sends these parameters.
    async fn request_fault(&self, found: &Endpoint, parameters: &Value) -> Option<String> {
        let json = parameters.to_string();
        match found.read(&json) {
            Err(bad) => return Some(format!("request: {bad}")),
            Ok(read) => {
                if let Some(value) = unknown(&format!("{read:?}")) {
                    return Some(format!("request: {value}"));
                }
            }
        }
        let script = Script::new([Answer::empty(204)]);
        let client = script.without_validation();
        // Whether the empty answer fits is no concern here.
        let _ = found.call(&client, &json).ok()?.await;
        let Some(sent) = script.played().requests.pop() else { return Some("nothing was sent".to_owned()) };
        let mut path = self.path.clone();
        for name in &self.path_params {
            let (start, end) = (path.find('{')?, path.find('}')?);
            path.replace_range(start..=end, name);
        }
        let path = format!("/api/partner{path}");
        let route =
            (sent.method == Method::from_bytes(self.method.as_bytes()).unwrap(), sent.uri.path() == path);
        (route != (true, true))
            .then(|| format!("sent {} {}, not {} {path}", sent.method, sent.uri, self.method))
    }
}

/// Returns the error in how the endpoint decodes this response.
async fn response_fault(found: &Endpoint, parameters: &Value, mut given: Value) -> Option<String> {
    loop {
        let script = Script::new([Answer::json(200, &given)]);
        let client = script.without_validation();
        match found.call(&client, &parameters.to_string()).ok()?.await {
            Ok(answer) => {
                let unknown = unknown(&format!("{answer:?}")).map(|value| format!("answer: {value}"));
                return unknown
                    .or_else(|| difference(&answer.to_json(), &given).map(|at| format!("answer: {at}")));
            }
            // A message that failed is an error, which shows that its status is known. The rest is in any other.
            Err(error) if error.kind() == ErrorKind::FailedMessage => {
                given =
                    serde_json::from_str(&given.to_string().replace(r#":"failed""#, r#":"sent""#)).unwrap();
            }
            Err(error) => return Some(format!("answer: {error:?}")),
        }
    }
}

/// Returns the first value of the facts that the types do not know, found in the `Debug` output.
fn unknown(debug: &str) -> Option<String> {
    let values = debug.split("Unknown(").skip(1).filter_map(|rest| rest.split(')').next());
    let sample = format!("{:?}", samples::TEXT);
    values.filter(|value| *value != sample).map(|value| format!("{value} is not known")).next()
}

pub(super) fn facts() -> BTreeMap<String, Facts> {
    serde_json::from_str(&read("tests/data/facts.json")).unwrap()
}

#[tokio::test]
async fn every_endpoint_field_and_value_of_the_facts_has_a_counterpart() {
    let (mut requests, mut responses, mut faults) = (0, 0, Vec::new());
    for (version, facts) in &facts() {
        let coverage = Coverage::of(facts).await;
        requests += coverage.requests;
        responses += coverage.responses;
        faults.extend(coverage.faults.into_iter().map(|fault| format!("{version} {fault}")));
    }
    assert_eq!(faults, [""; 0], "{} faults", faults.len());
    assert!(requests >= 390 && responses >= 650, "only {requests} requests and {responses} responses");
}

#[test]
fn every_operation_has_facts() {
    let facts = facts();
    for operation in Operation::ALL {
        let has_facts = facts.values().any(|facts| facts.endpoints.contains_key(operation.id()));
        assert!(has_facts, "tests/data/facts.json has no endpoint `{operation}`");
    }
}

#[tokio::test]
async fn facts_without_a_counterpart_are_found() {
    let text = json!("string");
    let with_id = |id: &str, body: Value, response: Value| -> Facts {
        let endpoint = json!({
            "method": "POST", "path": "/v3/chats", "path_params": [], "query": {}, "headers": [],
            "body": body, "response": response,
        });
        serde_json::from_value(json!({"endpoints": {id: endpoint}, "models": {}})).unwrap()
    };
    let create = |message: Value| {
        let body = json!({"from": text, "to": {"array": text}, "message": {"object": message}});
        with_id("chats.create", body, Value::Null)
    };
    let effect = json!({"object": {"name": {"enum": ["confetti", "invented"]}}});
    for (facts, fault) in [
        (with_id("chats.invented", json!({}), Value::Null), "not in the operation table"),
        (create(json!({"parts": {"array": {"object": {"type": text}}}})), "request: `body.message"),
        (create(json!({"invented": text})), "request: unknown field: body.message.invented"),
        (create(json!({"effect": effect})), r#"request: "invented" is not known"#),
    ] {
        let faults = Coverage::of(&facts).await.faults;
        assert!(faults.iter().any(|found| found.contains(fault)), "{fault}: {faults:?}");
    }
    assert_eq!(Coverage::of(&create(json!({"preferred_service": {"enum": ["SMS"]}}))).await.faults, [""; 0]);
}
