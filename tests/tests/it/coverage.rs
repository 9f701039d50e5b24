//! The facts about the API (`data/facts.json`) against the library: every endpoint, field and value has a counterpart.

use std::collections::BTreeMap;

use http::Method;
use linq_cli::call::Endpoint;
use linq_core::ErrorKind;
use serde::Deserialize;
use serde_json::{Value, json};

use self::samples::{Fields, Samples, Type};
use super::{
    same::difference,
    script::{Answer, Script},
    workspace::read,
};

mod samples;

/// What one version of the API has.
#[derive(Deserialize)]
struct Facts {
    endpoints: BTreeMap<String, EndpointFacts>,
    models: BTreeMap<String, Fields>,
}

#[derive(Deserialize)]
struct EndpointFacts {
    method: String,
    path: String,
    path_params: Vec<String>,
    query: Fields,
    headers: Vec<String>,
    body: Option<Fields>,
    response: Option<Type>,
}

/// What has no counterpart, one sentence each.
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
            match Endpoint::find(id) {
                Some(found) => coverage.walk(facts, endpoint, found).await,
                None => coverage.faults.push(format!("{id}: there is no such endpoint")),
            }
        }
        coverage
    }

    /// Makes sample after sample of the endpoint's requests and answers, until each value that is possible anywhere
    /// has been in one.
    async fn walk(&mut self, facts: &Facts, endpoint: &EndpointFacts, found: &Endpoint) {
        let mut requests = Samples::new(&facts.models);
        while let Some(parameters) = requests.next(|samples| endpoint.parameters(samples)) {
            self.requests += 1;
            let fault = endpoint.request_fault(found, &parameters).await;
            self.faults.extend(fault.map(|fault| format!("{}: {fault}", found.id())));
        }
        let Some(response) = &endpoint.response else { return };
        let parameters = Samples::new(&facts.models).next(|samples| endpoint.parameters(samples)).unwrap();
        let mut responses = Samples::new(&facts.models);
        while let Some(answer) = responses.next(|samples| samples.of("", response)) {
            self.responses += 1;
            let fault = response_fault(found, &parameters, answer).await;
            self.faults.extend(fault.map(|fault| format!("{}: {fault}", found.id())));
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

    /// What is wrong with how the endpoint reads or sends these parameters.
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
        let client = script.unchecked();
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

/// What is wrong with how the endpoint reads this answer.
async fn response_fault(found: &Endpoint, parameters: &Value, mut given: Value) -> Option<String> {
    loop {
        let script = Script::new([Answer::json(200, &given)]);
        let client = script.unchecked();
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

/// The first value of the facts that the types do not know, in the debug form of what was read.
fn unknown(debug: &str) -> Option<String> {
    let values = debug.split("Unknown(").skip(1).filter_map(|rest| rest.split(')').next());
    let sample = format!("{:?}", samples::TEXT);
    values.filter(|value| *value != sample).map(|value| format!("{value} is not known")).next()
}

fn facts() -> BTreeMap<String, Facts> {
    serde_json::from_str(&read("tests/data/facts.json")).unwrap()
}

#[tokio::test]
async fn every_endpoint_field_and_value_of_the_facts_has_a_counterpart() {
    let mut figures = Vec::new();
    let mut faults = Vec::new();
    for (version, facts) in &facts() {
        let coverage = Coverage::of(facts).await;
        let figure = (facts.endpoints.len(), coverage.requests, coverage.responses);
        println!("{version}: {} endpoints, {} requests, {} answers", figure.0, figure.1, figure.2);
        figures.push(figure);
        faults.extend(coverage.faults.into_iter().map(|fault| format!("{version} {fault}")));
    }
    assert_eq!(faults, [""; 0], "{} faults", faults.len());
    assert_eq!(figures, [(34, 145, 208), (70, 254, 447)]);
}

#[test]
fn every_endpoint_that_can_be_called_is_in_the_facts() {
    let facts = facts();
    for endpoint in Endpoint::all() {
        assert!(facts.values().any(|facts| facts.endpoints.contains_key(endpoint.id())), "{}", endpoint.id());
    }
}

#[tokio::test]
async fn what_has_no_counterpart_is_found() {
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
        (with_id("chats.invented", json!({}), Value::Null), "there is no such endpoint"),
        (create(json!({"parts": {"array": {"object": {"type": text}}}})), "request: `body.message"),
        (create(json!({"invented": text})), "request: `body.message.invented`: there is no such field"),
        (create(json!({"effect": effect})), r#"request: "invented" is not known"#),
    ] {
        let faults = Coverage::of(&facts).await.faults;
        assert!(faults.iter().any(|found| found.contains(fault)), "{fault}: {faults:?}");
    }
    assert_eq!(Coverage::of(&create(json!({"preferred_service": {"enum": ["SMS"]}}))).await.faults, [""; 0]);
}
