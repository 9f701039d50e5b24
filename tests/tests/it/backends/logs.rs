//! What the HTTP libraries log, at the most verbose level.

use std::{
    fmt::{self, Write as _},
    sync::{Mutex, MutexGuard, PoisonError},
};

use linq_core::{Body, Client};
use linq_ureq::ureq;
use log::{LevelFilter, Log, Metadata, Record};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span,
};

use super::{all, in_own_process, is_in_own_process, read_body, read_head, serve, write_response};
use crate::it::script::CHAT;

const TEST: &str = "it::backends::logs::no_backend_logs_keys_signed_urls_or_bodies";
/// Short enough to be found wherever rows of bytes are broken, and made of characters that are logged as they are.
const SECRETS: [(&str, &str); 4] = [
    ("the API key", "KEYKEYKEYKEYKEYKEY"),
    ("the query of a signed URL", "SIGSIGSIGSIGSIGSIG"),
    ("the path of a signed URL", "PATHPATHPATHPATHPA"),
    ("the body of a request", "BODYBODYBODYBODYBO"),
];

/// Everything that was logged.
static LOGGED: Mutex<Logged> = Mutex::new(Logged { text: String::new(), rows: String::new() });

struct Logged {
    text: String,
    /// The characters of rows of bytes, without the breaks.
    rows: String,
}

/// The number of characters in a row of bytes as ureq logs them.
const ROW: usize = 16;

fn logged() -> MutexGuard<'static, Logged> {
    LOGGED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn keep(target: &str, text: &str) {
    let mut logged = logged();
    writeln!(logged.text, "{target}: {text}").unwrap();
    let row = text.len().checked_sub(ROW).and_then(|start| text.get(start..)).unwrap_or(text);
    logged.rows.push_str(row);
}

struct Logger;

impl Log for Logger {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        keep(record.target(), &record.args().to_string());
    }

    fn flush(&self) {}
}

struct Collector;

impl Subscriber for Collector {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        let mut fields = Fields::default();
        span.record(&mut fields);
        keep(span.metadata().target(), &fields.0);
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, record: &span::Record<'_>) {
        let mut fields = Fields::default();
        record.record(&mut fields);
        keep("span", &fields.0);
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        keep(event.metadata().target(), &fields.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[derive(Default)]
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0, "{field}={value:?} ").unwrap();
    }
}

#[test]
fn no_backend_logs_keys_signed_urls_or_bodies() {
    if !is_in_own_process() {
        in_own_process(TEST, &[]);
        return;
    }
    log::set_logger(&Logger).unwrap();
    log::set_max_level(LevelFilter::Trace);
    tracing::subscriber::set_global_default(Collector).unwrap();

    let server = serve(|mut stream| {
        loop {
            let head = read_head(&mut stream)?;
            if head.is_empty() {
                return Ok(());
            }
            read_body(&mut stream, &head)?;
            write_response(stream.get_mut(), 500, "{}")?;
        }
    });
    let [key, query, path, body] = SECRETS.map(|(_, secret)| secret);
    let signed = format!("http://{server}/{path}?signature={query}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();

    for (name, backend) in all() {
        let put = |body: Body| http::Request::put(&signed).header("authorization", key).body(body).unwrap();
        let upload = Body::upload(body.len() as u64, move || Ok(Box::new(body.as_bytes())));
        for content in [Body::from(body), upload] {
            runtime.block_on(backend.send(put(content))).unwrap();
        }
        // Errors are logged too.
        let refused = http::Request::put(signed.replace(&server.to_string(), "127.0.0.1:1"));
        runtime
            .block_on(backend.send(refused.header("authorization", key).body(body.into()).unwrap()))
            .unwrap_err();
        let builder = Client::builder().api_key(key).base_url(format!("http://{server}")).max_attempts(1);
        let called = backend.call(
            builder,
            move |client| Box::pin(async move { client.chats().messages(CHAT).send(body).await }),
            move |client| client.chats().messages(CHAT).send(body).call(),
        );
        runtime.block_on(called).unwrap_err();
        let logged = logged();
        assert!(!logged.text.is_empty(), "nothing of {name} was logged");
        for (what, secret) in SECRETS {
            let text = [&logged.text, &logged.rows].into_iter().find(|text| text.contains(secret));
            assert_eq!(text, None, "{name} logged {what}");
        }
    }

    // ureq by itself shows that the check finds what there is.
    let request = http::Request::put(&signed).header("authorization", key).body(body);
    ureq::agent().run(request.unwrap()).unwrap_err();
    let logged = logged();
    for secret in [key, query, path] {
        assert!(logged.rows.contains(secret), "{secret} is not in the rows of ureq");
    }
    assert!(logged.text.contains(query));
}
