//! The recorded calls of an official client, with their requests and responses (`data/wire/<version>`).

use std::{collections::BTreeMap, fs};

use serde::Deserialize;
use serde_json::{Value, json};

use super::workspace::{read, root};

/// The versions of the official client that were recorded.
pub(super) const VERSIONS: [&str; 2] = ["0.1.0", "0.65.0"];

#[derive(Deserialize)]
struct File {
    call: Call,
    #[serde(flatten)]
    exchange: Option<Exchange>,
    #[serde(default)]
    exchanges: Vec<Exchange>,
    item_ids: Option<Vec<String>>,
    server_would_reject: Option<String>,
    stops_on_empty_page: Option<Stop>,
    stops_on_empty_cursor: Option<Stop>,
}

#[derive(Deserialize)]
struct Stop {
    exchanges: Vec<Exchange>,
}

/// The call on the official client.
#[derive(Clone, Deserialize)]
pub(super) struct Call {
    pub(super) id: String,
    path_params: Value,
    query: Value,
    headers: Value,
    body: Value,
}

impl Call {
    /// Returns the parameters in the format of `linq call`.
    pub(super) fn parameters(&self) -> String {
        let Self { path_params, query, headers, body, .. } = self;
        json!({"path_params": path_params, "query": query, "headers": headers, "body": body}).to_string()
    }

    /// Sets the cursor of the next page.
    pub(super) fn turn_to(&mut self, cursor: &Value) {
        if let (Value::Object(query), Value::String(_)) = (&mut self.query, cursor) {
            query.insert("cursor".to_owned(), cursor.clone());
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Exchange {
    pub(super) request: Request,
    pub(super) response: Response,
}

#[derive(Deserialize)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) content_length: Option<usize>,
    pub(super) body: Value,
}

#[derive(Deserialize)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) body: Value,
}

/// One recorded file.
pub(super) struct Recording {
    /// The version and the file's name.
    pub(super) name: String,
    pub(super) call: Call,
    /// The requests and responses of each run; several in a run if it requests several pages.
    pub(super) runs: Vec<Vec<Exchange>>,
    /// The ids of all items of the first run.
    pub(super) item_ids: Option<Vec<String>>,
    /// `true` if the service would reject the request.
    pub(super) rejected: bool,
}

impl Recording {
    fn open(name: String, text: &str) -> Self {
        let file: File = serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut runs: Vec<Vec<Exchange>> = vec![file.exchange.into_iter().chain(file.exchanges).collect()];
        for stop in [file.stops_on_empty_page, file.stops_on_empty_cursor].into_iter().flatten() {
            let mut run = stop.exchanges;
            complete(&mut run, &runs[0]);
            runs.push(run);
        }
        let rejected = file.server_would_reject.is_some();
        Self { name, call: file.call, runs, item_ids: file.item_ids, rejected }
    }
}

/// Completes the items of recordings about pagination, which have only ids, with the fields of an item of `whole`.
fn complete(run: &mut [Exchange], whole: &[Exchange]) {
    let Some(Value::Object(example)) =
        whole.iter().find_map(|exchange| items(&exchange.response.body).next())
    else {
        return;
    };
    for exchange in run {
        let lists = exchange.response.body.as_object_mut().into_iter().flatten();
        for item in
            lists.filter_map(|(_, list)| list.as_array_mut()).flatten().filter_map(Value::as_object_mut)
        {
            for (name, value) in example {
                item.entry(name).or_insert_with(|| value.clone());
            }
        }
    }
}

/// Returns the items of a page.
pub(super) fn items(page: &Value) -> impl Iterator<Item = &Value> {
    let lists = page.as_object().into_iter().flatten().filter_map(|(_, value)| value.as_array());
    lists.flatten()
}

/// Returns the JSON files of a directory of the test data by name.
pub(super) fn json_files(directory: &str) -> BTreeMap<String, String> {
    let directory = format!("tests/data/{directory}");
    let files = fs::read_dir(root().join(&directory)).unwrap();
    files
        .map(|file| {
            let name = file.unwrap().file_name().into_string().unwrap();
            let text = read(format!("{directory}/{name}"));
            (name.strip_suffix(".json").unwrap().to_owned(), text)
        })
        .collect()
}

/// Returns all recordings of all versions.
pub(super) fn recordings() -> Vec<Recording> {
    let files = VERSIONS.iter().flat_map(|version| {
        let files = json_files(&format!("wire/v{version}"));
        files.into_iter().map(move |(name, text)| (format!("{version} {name}"), text))
    });
    files.map(|(name, text)| Recording::open(name, &text)).collect()
}
