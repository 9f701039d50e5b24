use std::{io::Write, net::TcpListener, thread};

use linq_core::{Body, HttpBackend, TransportErrorKind};
use linq_hyper::HyperBackend;

#[tokio::test]
async fn nothing_is_sent_to_a_server_that_speaks_no_tls() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let server = thread::spawn(move || listener.accept()?.0.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
    let request = http::Request::get(format!("https://{address}/v3/chats")).body(Body::empty()).unwrap();
    let error = HyperBackend::rustls().unwrap().send(request).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Connect);
    server.join().unwrap().unwrap();
}
