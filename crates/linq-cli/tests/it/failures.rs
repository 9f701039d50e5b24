//! The causes of failed calls.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener},
    sync::Arc,
    thread,
};

use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use serde_json::Value;

use super::running::linq;

/// Returns the address of a server whose certificate nobody signed.
fn self_signed() -> String {
    let certificate = CertificateDer::from(&include_bytes!("../data/localhost.crt.der")[..]);
    let key = PrivatePkcs8KeyDer::from(&include_bytes!("../data/localhost.key.der")[..]);
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(key))
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut stream = StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream);
            // The client refuses the certificate.
            let _ = stream.read(&mut [0]);
        }
    });
    address
}

/// Returns the address of a server that answers every request, and every TLS handshake, with this.
fn answering(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer);
        }
    });
    address
}

fn closed() -> String {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().to_string()
}

#[test]
fn the_causes_of_a_failed_connection_are_printed_and_tell_one_from_another() {
    const SENTINEL: &str = "hunter2";
    let refused = format!("http://{}", closed());
    let certificate = format!("https://{}", self_signed());
    let no_tls = format!("https://{}", answering(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
    let dead = format!("http://user:{SENTINEL}@{}", closed());
    let denying =
        format!("http://user:{SENTINEL}@{}", answering(b"HTTP/1.1 407 Denied\r\ncontent-length: 0\r\n\r\n"));
    let mut seen = Vec::new();
    for (base_url, proxy, expected) in [
        (&*refused, None, "Connection refused"),
        ("https://no-such-host.invalid", None, "dns error"),
        (&certificate, None, "invalid peer certificate"),
        (&no_tls, None, "received corrupt message"),
        ("https://api.example.com", Some(&dead), "tunnel error: failed to create underlying connection"),
        ("https://api.example.com", Some(&denying), "tunnel error: proxy authorization required"),
    ] {
        let mut call = linq(&["call", "phone_numbers.list"]);
        call.env("LINQ_API_V3_BASE_URL", base_url).env("LINQ_API_V3_API_KEY", SENTINEL);
        if let Some(proxy) = proxy {
            call.env("https_proxy", proxy).env_remove("no_proxy").env_remove("NO_PROXY");
        }
        let output = call.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(6), "{stderr}");
        let error: Value = serde_json::from_str(&stderr).unwrap();
        let causes: Vec<_> = error["error"]["causes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|cause| cause.as_str().unwrap())
            .collect();
        assert!(causes.iter().any(|cause| cause.contains(expected)), "{expected}: {stderr}");
        assert!(!stderr.contains(SENTINEL), "{stderr}");
        seen.push(causes.join(": "));
    }
    seen.sort();
    let count = seen.len();
    seen.dedup();
    assert_eq!(seen.len(), count, "{seen:#?}");
}
