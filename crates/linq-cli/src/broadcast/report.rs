use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

use linq::{
    durable::{SendRecord, SendState},
    types::escape,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::messages::Message;
use crate::{
    failure::Failure,
    output::{Output, print_json},
    terminal::print,
};

/// How many rows that were not accepted are shown. The file of the report has all of them.
const SHOWN: usize = 100;

/// What became of the messages.
#[derive(Default)]
pub(super) struct Report {
    file: Option<ReportFile>,
    total: u64,
    /// The numbers of messages by their states.
    counts: BTreeMap<&'static str, u64>,
    /// The first rows that were not accepted.
    others: Vec<Line>,
}

/// What became of a message.
#[derive(Debug, Clone, Serialize)]
struct Line {
    line: u64,
    to: String,
    state: &'static str,
    message_id: Option<String>,
    chat_id: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

enum ReportFile {
    Csv(Box<csv::Writer<File>>),
    Json(BufWriter<File>),
}

impl Report {
    /// Begins a report, which is also written into a file: JSON lines if its name ends like that, else CSV.
    pub(super) fn new(path: Option<&Path>) -> Result<Self, Failure> {
        let file = path.map(|path| {
            let file = File::create(path).map_err(|error| unwritable(&error))?;
            let extension = path.extension().unwrap_or_default();
            Ok::<_, Failure>(match extension == "jsonl" || extension == "ndjson" || extension == "json" {
                true => ReportFile::Json(BufWriter::new(file)),
                false => ReportFile::Csv(Box::new(csv::Writer::from_writer(file))),
            })
        });
        Ok(Self { file: file.transpose()?, ..Self::default() })
    }

    /// Adds a message, which has no record before the first attempt.
    pub(super) fn add(&mut self, message: &Message, record: Option<&SendRecord>) -> Result<(), Failure> {
        let state = record.map_or(SendState::Queued, |record| record.state);
        let line = Line {
            line: message.line,
            to: message.to.as_str().to_owned(),
            state: state.as_str(),
            message_id: record.and_then(|record| record.message_id.as_ref()).map(ToString::to_string),
            chat_id: record.and_then(|record| record.chat_id.as_ref()).map(ToString::to_string),
            code: record.and_then(|record| record.code).map(|code| code.to_string()),
            error: record.and_then(|record| record.error.clone()),
        };
        self.total += 1;
        *self.counts.entry(state.as_str()).or_default() += 1;
        match &mut self.file {
            Some(ReportFile::Csv(writer)) => writer.serialize(&line).map_err(io::Error::other),
            Some(ReportFile::Json(writer)) => serde_json::to_writer(&mut *writer, &line)
                .map_err(io::Error::from)
                .and_then(|()| writer.write_all(b"\n")),
            None => Ok(()),
        }
        .map_err(|error| unwritable(&error))?;
        if !matches!(state, SendState::Accepted | SendState::Queued | SendState::Sending)
            && self.others.len() < SHOWN
        {
            self.others.push(line);
        }
        Ok(())
    }

    pub(super) fn accepted(&self) -> u64 {
        self.count(SendState::Accepted)
    }

    /// Returns how many messages wait, or are being repeated.
    pub(super) fn waiting(&self) -> u64 {
        self.count(SendState::Queued) + self.count(SendState::Sending)
    }

    pub(super) fn total(&self) -> u64 {
        self.total
    }

    fn count(&self, state: SendState) -> u64 {
        self.counts.get(state.as_str()).copied().unwrap_or_default()
    }

    /// Finishes the file and prints the summary.
    pub(super) fn print(&mut self, output: Output) -> Result<(), Failure> {
        match &mut self.file {
            Some(ReportFile::Csv(writer)) => writer.flush(),
            Some(ReportFile::Json(writer)) => writer.flush(),
            None => Ok(()),
        }
        .map_err(|error| unwritable(&error))?;
        if output.json {
            let counts: serde_json::Map<_, _> =
                self.counts.iter().map(|(state, count)| ((*state).to_owned(), Value::from(*count))).collect();
            return print_json(
                &json!({ "total": self.total, "states": counts, "not_accepted": self.others }),
            );
        }
        let mut text = String::new();
        for Line { line, to, state, error, code, .. } in &self.others {
            let error = error.as_deref().or(code.as_deref()).unwrap_or_default();
            text.push_str(&format!("line {line}  {}  {state}  {}\n", escape(to), escape(error)));
        }
        let not_shown = self.total - self.accepted() - self.waiting() - self.others.len() as u64;
        if not_shown > 0 {
            text.push_str(&format!("and {not_shown} more; --report FILE has all of them\n"));
        }
        let counts = self.counts.iter().map(|(state, count)| format!("{count} {state}"));
        text.push_str(&format!("{} of {}\n", counts.collect::<Vec<_>>().join(", "), self.total));
        print(&text)
    }
}

fn unwritable(error: &io::Error) -> Failure {
    Failure::new(format!("cannot write the report: {error}")).with_kind("Output")
}
