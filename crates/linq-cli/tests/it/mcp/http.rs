//! Streamable HTTP.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Stdio},
};

use serde_json::json;

use crate::it::running::linq;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

struct Server {
    child: Child,
    authority: String,
    /// What was said on standard error.
    said: String,
}

impl Server {
    fn start(options: &[&str]) -> Self {
        let mut command = linq(&[&["mcp", "--sandbox", "--http", "0"], options].concat());
        let mut child = command.stdin(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let (mut said, mut line) = (String::new(), String::new());
        while !said.contains("/mcp\n") {
            line.clear();
            assert_ne!(lines.read_line(&mut line).unwrap(), 0, "{said}");
            said.push_str(&line);
        }
        if options.is_empty() {
            lines.read_line(&mut said).unwrap();
        }
        let address = said.split("http://").last().unwrap();
        let authority = address.split('/').next().unwrap().to_owned();
        Self { child, authority, said }
    }

    /// Makes a request, and returns the response as text.
    fn request(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> String {
        let body = json!({
            "jsonrpc": "2.0", "id": 1, "method": "initialize",
            "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
        });
        let body = body.to_string();
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let mut stream = TcpStream::connect(&self.authority).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\n{headers}Accept: application/json, text/event-stream\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn only_requests_with_the_token_to_this_server_by_its_own_name_and_origin_are_served() {
    let server = Server::start(&["--http-token", TOKEN]);
    assert!(server.authority.starts_with("127.0.0.1:") && !server.said.contains(TOKEN), "{}", server.said);
    let host = server.authority.as_str();
    let local = host.replace("127.0.0.1", "localhost");
    let (origin, bearer) = (format!("http://{host}"), format!("Bearer {TOKEN}"));
    let (host, auth) = (("Host", host), ("Authorization", bearer.as_str()));
    for (method, path, headers, status) in [
        ("POST", "/mcp", &[host, auth][..], 200),
        ("POST", "/mcp", &[("Host", &local), auth], 200),
        ("POST", "/mcp", &[host, auth, ("Origin", &origin)], 200),
        ("POST", "/mcp", &[host], 401),
        ("POST", "/mcp", &[host, ("Authorization", "Bearer 0123456789abcdef")], 401),
        ("POST", "/mcp", &[host, ("Authorization", TOKEN)], 401),
        ("GET", "/mcp", &[host], 401),
        ("DELETE", "/mcp", &[host], 401),
        ("POST", "/", &[host], 401),
        ("POST", "/", &[host, auth], 404),
        ("POST", "/mcp", &[("Host", "rebound.example.com"), auth], 403),
        ("POST", "/mcp", &[("Host", "127.0.0.1:9"), auth], 403),
        ("POST", "/mcp", &[host, auth, ("Origin", "https://example.com")], 403),
        ("POST", "/mcp", &[host, auth, ("Origin", "http://localhost:9")], 403),
        ("POST", "/mcp", &[host, auth, ("Origin", "null")], 403),
    ] {
        let response = server.request(method, path, headers);
        assert!(
            response.starts_with(&format!("HTTP/1.1 {status} ")),
            "{method} {path} {headers:?}: {response}"
        );
        assert_eq!(response.contains("serverInfo"), status == 200, "{response}");
        assert!(!response.to_ascii_lowercase().contains("access-control-"), "{response}");
    }
}

#[test]
fn a_random_token_is_printed_on_standard_error_and_accepted() {
    let server = Server::start(&[]);
    let header = server.said.lines().last().unwrap().split_once("Authorization: ").unwrap().1.to_owned();
    assert_eq!(header.len(), "Bearer ".len() + 32, "{}", server.said);
    let response = server.request("POST", "/mcp", &[("Host", &server.authority), ("Authorization", &header)]);
    assert!(response.contains("serverInfo"), "{response}");
}
