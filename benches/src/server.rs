//! The least a server can do: it answers each request with bytes that are ready.

use std::{fmt, io, net::TcpListener as Listener, thread};

use bytes::{Buf, BytesMut};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A message of 940 bytes as `GET /v3/messages/{messageId}` gives it.
const MESSAGE: &str = include_str!("message.json");
/// How many messages a page has, and how many pages there are.
pub(crate) const PAGE: usize = 100;
pub(crate) const PAGES: usize = 1000;

/// Serves on a thread of this process until it ends; returns the base URL.
///
/// # Errors
///
/// Returns an error if it cannot listen.
pub fn start() -> io::Result<String> {
    let listener = Listener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let base_url = format!("http://{}", listener.local_addr()?);
    let answers = Answers::new(&base_url);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    thread::spawn(move || runtime.block_on(serve(listener, answers)));
    Ok(base_url)
}

async fn serve(listener: Listener, answers: Answers) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let answers: &'static Answers = Box::leak(Box::new(answers));
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(connection(stream, answers));
    }
}

async fn connection(mut stream: TcpStream, answers: &Answers) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut received = BytesMut::with_capacity(64 * 1024);
    loop {
        let Some(request) = head(&received)? else {
            if stream.read_buf(&mut received).await? == 0 {
                return Ok(());
            }
            continue;
        };
        received.advance(request.head);
        let mut rest = request.body;
        while rest > 0 {
            if received.is_empty() && stream.read_buf(&mut received).await? == 0 {
                return Ok(());
            }
            let taken = rest.min(received.len());
            received.advance(taken);
            rest -= taken;
        }
        stream.write_all(&answers.to(&request.target)).await?;
    }
}

struct Request {
    target: String,
    /// The lengths of head and body in bytes.
    head: usize,
    body: usize,
}

/// The request at the beginning of these bytes, once its head has arrived.
fn head(received: &[u8]) -> io::Result<Option<Request>> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head) = request.parse(received).map_err(io::Error::other)? else {
        return Ok(None);
    };
    let length = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let body = match length {
        Some(length) => {
            str::from_utf8(length.value).map_err(io::Error::other)?.parse().map_err(io::Error::other)?
        }
        None => 0,
    };
    Ok(Some(Request { target: request.path.unwrap_or_default().to_owned(), head, body }))
}

struct Answers {
    message: Vec<u8>,
    /// The messages of a page, without what encloses them.
    page: String,
    attachment: Vec<u8>,
    nothing: Vec<u8>,
}

impl Answers {
    fn new(base_url: &str) -> Self {
        Self {
            message: answer(MESSAGE),
            page: [MESSAGE; PAGE].join(","),
            attachment: answer(format_args!(
                r#"{{"attachment_id":"a1","upload_url":"{base_url}/upload","http_method":"PUT","required_headers":{{"content-type":"image/png"}},"expires_at":"2025-10-23T13:22:55.019-05:00","download_url":"{base_url}/file"}}"#
            )),
            nothing: answer(""),
        }
    }

    fn to(&self, target: &str) -> std::borrow::Cow<'_, [u8]> {
        match target.split('?').next() {
            Some("/v3/attachments") => self.attachment.as_slice().into(),
            Some("/upload") => self.nothing.as_slice().into(),
            Some(path) if path.starts_with("/v3/chats/") => self.page(target).into(),
            _ => self.message.as_slice().into(),
        }
    }

    /// The page that the cursor asks for: cursors are the numbers of pages.
    fn page(&self, target: &str) -> Vec<u8> {
        let cursor = target.split(['?', '&']).find_map(|parameter| parameter.strip_prefix("cursor="));
        let next = cursor.and_then(|cursor| cursor.parse::<usize>().ok()).unwrap_or(0) + 1;
        let page = &self.page;
        if next < PAGES {
            answer(format_args!(r#"{{"messages":[{page}],"next_cursor":"{next}"}}"#))
        } else {
            answer(format_args!(r#"{{"messages":[{page}]}}"#))
        }
    }
}

fn answer(body: impl fmt::Display) -> Vec<u8> {
    let body = body.to_string();
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         date: Thu, 23 Oct 2025 18:07:56 GMT\r\nx-trace-id: 0af7651916cd43dd8448eb211c80319c\r\n\r\n{body}"
    )
    .into_bytes()
}
