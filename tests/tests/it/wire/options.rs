use std::collections::BTreeMap;

use http::{
    HeaderName, HeaderValue, Request,
    header::{ACCEPT_ENCODING, CONTENT_LENGTH, USER_AGENT},
};
use linq_core::{Body, Call, Client, ClientBuilder, ErrorKind, blocking};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Entries, Tally, cases, request, text};
use crate::it::script::Script;

const ID: &str = "6563e724-25c2-50e4-8948-05c908431c35";

#[derive(Deserialize)]
struct Case {
    name: String,
    body: Option<Value>,
    #[serde(default)]
    default_headers: BTreeMap<String, String>,
    #[serde(default)]
    default_query: Entries,
    #[serde(default)]
    extra_headers: BTreeMap<String, String>,
    #[serde(default)]
    extra_body: Entries,
    request: Recorded,
}

#[derive(Deserialize)]
struct Recorded {
    method: String,
    path: String,
    query: String,
    headers: BTreeMap<String, String>,
    content_length: Option<u64>,
    body: Value,
}

impl Case {
    /// What keeps the case from running, if anything does.
    fn obstacle(&self) -> Option<&'static str> {
        match self.name.as_str() {
            "extra_body on a bodiless call" => Some("no such call without an answer is there yet"),
            "custom request with query in the path and options" => {
                Some("a parameter joins those of the path here and does not replace them all")
            }
            _ => None,
        }
    }

    /// The defaults of the client: the case's own, or for the cases about changing them those of `with_defaults`.
    fn set_up(&self, with_defaults: &Self, mut builder: ClientBuilder) -> ClientBuilder {
        let inherits = self.name.contains("defaults") || self.name.contains("default_");
        let source = if inherits { with_defaults } else { self };
        for (name, value) in &source.default_headers {
            builder = builder.default_header(header(name), value.as_str());
        }
        for (name, value) in &source.default_query.0 {
            builder = builder.default_query(name, text(value).unwrap());
        }
        match self.name.as_str() {
            "base_url with trailing slash" => builder.base_url("http://localhost/api/partner/"),
            "base_url without path" => builder.base_url("http://localhost"),
            _ => builder,
        }
    }

    /// What the case changes on a copy of the client.
    fn change(&self, builder: ClientBuilder) -> ClientBuilder {
        let more = |builder: ClientBuilder| {
            builder.default_header(HeaderName::from_static("x-more"), HeaderValue::from_static("1"))
        };
        match self.name.as_str() {
            "with_options default_headers merges" => more(builder),
            "with_options set_default_headers replaces" => more(builder.without_default_headers()),
            "with_options default_query merges" => builder.default_query("tenant", "t2"),
            "with_options set_default_query replaces" => {
                builder.without_default_query().default_query("x", "1")
            }
            "with_options api_key" => builder.api_key("second"),
            _ => builder,
        }
    }

    fn clients(&self, with_defaults: &Self) -> (Client, blocking::Client) {
        let (client, blocking) = Script::default().clients(|builder| self.set_up(with_defaults, builder));
        let change = |builder| self.change(builder);
        (client.with_options(change).unwrap(), blocking.with_options(change).unwrap())
    }

    /// What the case sets on the call.
    fn on<'c, C, T>(&self, mut call: Call<'c, C, T>) -> Call<'c, C, T> {
        if let Some(body) = &self.body {
            call = call.body(body);
        }
        for (name, value) in &self.extra_headers {
            call = match value.as_str() {
                "(omit)" => call.without_header(header(name)),
                value => call.header(header(name), value),
            };
        }
        for (name, value) in &self.extra_body.0 {
            call = call.body_field(name, value);
        }
        match self.name.as_str() {
            "per-call values win over client defaults" => call.header("x-team", "green").query("limit", "9"),
            "a tuple as an array" => call
                .body_field("phone_numbers", ("+12025550143",))
                .body_field("subscribed_events", ("message.sent",)),
            "custom request" => call.body(json!({"a": null, "b": 1})),
            _ => call,
        }
    }

    /// The path that the caller writes.
    fn path(&self) -> &str {
        let path = self.request.path.trim_start_matches("/api/partner");
        match self.name.as_str() {
            "custom request without leading slash" => path.trim_start_matches('/'),
            "custom request with query in the path" => "/v3/new-thing?x=1",
            _ => path,
        }
    }

    /// The request that the case makes: sends by their method, all else by its path.
    fn make(&self, with_defaults: &Self) -> Request<Body> {
        let clients = self.clients(with_defaults);
        let request = if self.request.path.ends_with("/messages") {
            request!(clients, |client| self.on(client.chats().messages(ID).send("Hello!")))
        } else {
            let method = || self.request.method.parse().unwrap();
            request!(clients, |client| self.on(client.request::<Value>(method(), self.path())))
        };
        request.unwrap()
    }

    fn check(&self, with_defaults: &Self) {
        let request = self.make(with_defaults);
        let (name, recorded) = (&self.name, &self.request);
        let body = request.body().as_bytes().unwrap();
        assert_eq!(request.method().as_str(), recorded.method, "{name}");
        assert_eq!(request.uri().path(), recorded.path, "{name}");
        assert_eq!(request.uri().query().unwrap_or_default(), recorded.query, "{name}");
        assert_eq!(headers(&request), self.expected_headers(), "{name}");
        assert_eq!(body.len() as u64, recorded.content_length.unwrap_or_default(), "{name}");
        assert_eq!(serde_json::from_slice::<Value>(body).unwrap_or_default(), recorded.body, "{name}");
    }

    /// The recorded client's HTTP library fills in an `accept` of its own where one was taken away.
    fn expected_headers(&self) -> BTreeMap<String, String> {
        let mut headers = self.request.headers.clone();
        headers.retain(|name, _| {
            self.extra_headers.iter().all(|(other, value)| value != "(omit)" || header(other) != **name)
        });
        headers
    }
}

fn header(name: &str) -> HeaderName {
    name.parse().unwrap()
}

/// The headers of a request except for the name of the client, the length, which must be that of the body if it is set, and
/// the encodings, which are none.
fn headers(request: &Request<Body>) -> BTreeMap<String, String> {
    if let Some(length) = request.headers().get(CONTENT_LENGTH) {
        assert_eq!(length, &request.body().content_length().to_string());
    }
    assert_eq!(request.headers()[ACCEPT_ENCODING], "identity");
    let own = [USER_AGENT, CONTENT_LENGTH, ACCEPT_ENCODING];
    let headers = request.headers().iter().filter(|(name, _)| !own.contains(name));
    headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect()
}

#[test]
fn options_of_clients_and_calls_act_as_recorded() {
    let cases = cases::<Case>("options");
    let with_defaults = cases.iter().find(|case| !case.default_query.0.is_empty()).unwrap();
    let mut tally = Tally::of("options");
    for case in &cases {
        if let Some(because) = case.obstacle() {
            tally.not_applicable(&case.name, because);
            continue;
        }
        if case.name == "base_url with a query" {
            let error = Client::builder().api_key("k").base_url("http://localhost/api/partner?a=b");
            assert_eq!(error.build(Script::default()).unwrap_err().kind(), ErrorKind::Config);
        } else {
            case.check(with_defaults);
        }
        tally.ran += 1;
    }
    tally.close(cases.len(), 24);
}
