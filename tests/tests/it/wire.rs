//! The requests of the client, compared with those of an official client (`data/wire`).

use std::fmt;

use http::Request;
use linq_core::{Body, Call, Error, ErrorKind, List, types::messages::MessageListResponse};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor},
};
use serde_json::Value;

use super::{
    script::{CHAT, Script},
    workspace::read,
};

mod calls;
mod options;

/// Returns the request of a call; both clients must make the same.
macro_rules! request {
    ($clients:expr, |$client:ident| $call:expr) => {{
        let (client, blocking) = $clients;
        let $client = &client;
        let one = $call.into_request();
        let $client = &blocking;
        $crate::it::wire::assert_same(&one, &$call.into_request());
        one
    }};
}
use request;

fn assert_same(one: &Result<Request<Body>, Error>, other: &Result<Request<Body>, Error>) {
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
    if let (Ok(one), Ok(other)) = (one, other) {
        assert_eq!(one.headers(), other.headers());
        assert_eq!(one.body().as_bytes(), other.body().as_bytes());
    }
}

#[derive(Deserialize)]
struct Cases<T> {
    cases: Vec<T>,
}

fn cases<T: DeserializeOwned>(file: &str) -> Vec<T> {
    serde_json::from_str::<Cases<T>>(&read(format!("tests/data/wire/{file}.json"))).unwrap().cases
}

/// The cases of a file that ran, and the reasons why others cannot.
#[derive(Default)]
struct Tally {
    file: &'static str,
    ran: usize,
    not_applicable: Vec<(String, &'static str)>,
}

impl Tally {
    fn of(file: &'static str) -> Self {
        Self { file, ..Self::default() }
    }

    fn not_applicable(&mut self, case: impl fmt::Display, because: &'static str) {
        self.not_applicable.push((case.to_string(), because));
    }

    /// Asserts that every case is counted, and that at least `at_least` of them ran.
    fn close(self, cases: usize, at_least: usize) {
        println!("{}: {} of {cases} cases ran", self.file, self.ran);
        for (case, because) in &self.not_applicable {
            println!("{}: not applicable: {case}, because {because}", self.file);
        }
        assert_eq!(self.ran + self.not_applicable.len(), cases, "{}: a case was passed over", self.file);
        assert!(self.ran >= at_least, "{}: only {} cases ran", self.file, self.ran);
    }
}

#[derive(Deserialize)]
struct PathCase {
    id: Value,
    path: Option<String>,
}

#[tokio::test]
async fn a_path_value_is_escaped_or_rejected_as_recorded() {
    let cases = cases::<PathCase>("paths");
    let mut tally = Tally::of("paths");
    let nothing = Script::default();
    let (client, blocking) = nothing.clients(|builder| builder);
    for case in &cases {
        let Some(id) = text(&case.id) else {
            tally.not_applicable("id null", "an id is a string");
            continue;
        };
        let request = request!((client.clone(), blocking.clone()), |client| client.messages().retrieve(&*id));
        match &case.path {
            Some(path) => {
                let uri = request.unwrap().uri().clone();
                assert_eq!((uri.path(), uri.query()), (&**path, None), "{id:?}");
            }
            None => {
                let error = client.messages().retrieve(&*id).await.unwrap_err();
                let blocking = blocking.messages().retrieve(&*id).call().unwrap_err();
                for error in [request.unwrap_err(), error, blocking] {
                    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 0), "{id:?}");
                }
            }
        }
        tally.ran += 1;
    }
    assert!(nothing.played().requests.is_empty());
    tally.close(cases.len(), 29);
}

/// Returns a scalar value as text; `None` for null.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// The entries of a JSON object in the order of the file.
#[derive(Default)]
struct Entries(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Entries::default();
                while let Some(entry) = map.next_entry()? {
                    entries.0.push(entry);
                }
                Ok(entries)
            }
        }

        deserializer.deserialize_map(Collect)
    }
}

#[derive(Deserialize)]
struct Arguments {
    limit: Option<u32>,
    cursor: Option<String>,
    from_: Option<String>,
    to: Option<String>,
    #[serde(default)]
    extra_query: Entries,
}

#[derive(Deserialize)]
struct QueryCase {
    kwargs: Arguments,
    query: String,
}

impl QueryCase {
    /// Whether each extra parameter is one value.
    fn is_plain(&self) -> bool {
        self.kwargs.extra_query.0.iter().all(|(_, value)| !value.is_array() && !value.is_object())
    }

    fn list<'c, C>(&self, mut list: List<'c, C, MessageListResponse>) -> Call<'c, C, MessageListResponse> {
        let Arguments { limit, cursor, from_, to, extra_query } = &self.kwargs;
        if let Some(limit) = limit {
            list = list.limit(*limit);
        }
        if let Some(cursor) = cursor {
            list = list.cursor(cursor);
        }
        let named = [("from", from_.clone()), ("to", to.clone())];
        let extra = extra_query.0.iter().map(|(name, value)| (name.as_str(), text(value)));
        let given = named.into_iter().chain(extra).filter_map(|(name, value)| Some((name, value?)));
        given.fold(list.page(), |call, (name, value)| call.query(name, value))
    }
}

/// The list that was recorded is that of the chats; the one here is that of a chat's messages, for the query only.
#[test]
fn a_query_is_written_as_recorded() {
    let cases = cases::<QueryCase>("queries");
    let mut tally = Tally::of("queries");
    for case in &cases {
        if !case.is_plain() {
            tally.not_applicable(&case.query, "a query value is one string, not a list or an object");
            continue;
        }
        let request = request!(Script::default().clients(|builder| builder), |client| {
            case.list(client.chats().messages(CHAT).list())
        });
        assert_eq!(request.unwrap().uri().query().unwrap_or_default(), case.query);
        tally.ran += 1;
    }
    tally.close(cases.len(), 12);
}
