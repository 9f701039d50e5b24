use std::{io::Write, net::TcpListener, thread, time::Duration};

use linq_core::{BlockingHttpBackend, Body, TransportErrorKind};
use linq_ureq::UreqBackend;

#[test]
fn nothing_is_sent_to_a_server_that_speaks_no_tls() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let server = thread::spawn(move || listener.accept()?.0.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
    let request = http::Request::get(format!("https://{address}/v3/chats")).body(Body::empty()).unwrap();
    let error = UreqBackend::new().send(request, Duration::from_secs(10)).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Connect, "{error:?}");
    server.join().unwrap().unwrap();
}
