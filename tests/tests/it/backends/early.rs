//! Storage that refuses an upload before it has read it, and storage that is only slow.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use linq_core::{Body, Client, ErrorKind, resources::attachments::UploadFile};

use super::{all, certificates::Authority, pause, read_body, read_head, serve, write_response};

const LENGTH: u64 = 20 * 1024 * 1024;
const REFUSAL: &str = "<Error><Code>AccessDenied</Code></Error>";

#[tokio::test]
async fn storage_that_refuses_the_head_of_an_upload_is_an_api_error_with_its_body() {
    for (name, backend) in all() {
        let puts = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&puts);
        let address = serve(move |mut stream| {
            let head = read_head(&mut stream)?;
            if head.starts_with("POST") {
                read_body(&mut stream, &head)?;
                let address = stream.get_ref().local_addr()?;
                let created = serde_json::json!({
                    "attachment_id": "a1",
                    "upload_url": format!("http://{address}/put?signature=secret"),
                    "http_method": "PUT",
                    "required_headers": {"content-type": "video/mp4"},
                    "expires_at": "2036-09-01T10:15:00Z",
                    "download_url": "https://cdn.example.com/a1",
                });
                return write_response(stream.get_mut(), 201, &created.to_string());
            }
            counted.fetch_add(1, Ordering::SeqCst);
            write_response(stream.get_mut(), 403, REFUSAL)?;
            stream.get_mut().flush()?;
            stream.get_ref().shutdown(Shutdown::Write)?;
            pause(Duration::from_secs(1));
            Ok(())
        });
        let builder = Client::builder().api_key("key").base_url(format!("http://{address}"));
        let file = || {
            UploadFile::from_reader("tour.mp4", "video/mp4", LENGTH, || Ok(std::io::repeat(7).take(LENGTH)))
        };
        let outcome = backend.call(
            builder,
            move |client| Box::pin(async move { client.attachments().upload(file()).await }),
            move |client| client.attachments().upload(file()).call(),
        );
        let error = outcome.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Api, "{name}: {error:?}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(403), "{name}");
        assert_eq!(error.body().map(|body| &body[..]), Some(REFUSAL.as_bytes()), "{name}");
        assert_eq!(puts.load(Ordering::SeqCst), 1, "{name}");
    }
}

fn put(address: SocketAddr) -> http::Request<Body> {
    let url = format!("https://localhost:{}/put", address.port());
    let body = Body::upload(LENGTH, || Ok(Box::new(std::io::repeat(7).take(LENGTH))));
    http::Request::put(url).body(body).unwrap()
}

#[tokio::test]
async fn a_refusal_is_the_response_over_tls_too_however_the_connection_ends() {
    let authority = Authority::new();
    for (ends_with, closes, read) in
        [("half-closed", true, 0), ("open", false, 0), ("half-closed midway", true, 5_000_000)]
    {
        let address = authority.serve_with("localhost", false, move |mut stream| {
            read_head(&mut stream)?;
            std::io::copy(&mut stream.by_ref().take(read), &mut std::io::sink())?;
            write_response(stream.get_mut(), 403, REFUSAL)?;
            if closes {
                let tls = stream.get_mut();
                tls.conn.send_close_notify();
                tls.flush()?;
                tls.sock.shutdown(Shutdown::Write)?;
            }
            stream.get_mut().flush()?;
            pause(Duration::from_secs(1));
            Ok(())
        });
        for (name, backend) in authority.trusting() {
            let outcome = backend.send(put(address)).await;
            let response = outcome.unwrap_or_else(|error| panic!("{name}, {ends_with}: {error:?}"));
            assert_eq!(response.status(), 403, "{name}, {ends_with}");
            assert_eq!(response.body(), REFUSAL, "{name}, {ends_with}");
        }
    }
}

/// The tickets that a TLS server sends after the handshake are something to read, but no response.
#[tokio::test]
async fn an_upload_to_slow_storage_over_tls_arrives_complete() {
    let authority = Authority::new();
    let address = authority.serve_with("localhost", false, |mut stream| {
        while !read_head(&mut stream)?.is_empty() {
            pause(Duration::from_millis(200));
            let mut stored = 0;
            let mut buffer = vec![0; 1 << 20];
            while stored < LENGTH {
                let length = stream.read(&mut buffer)?;
                assert!(buffer[..length].iter().all(|byte| *byte == 7));
                stored += length as u64;
                if stored < LENGTH / 4 {
                    pause(Duration::from_millis(5));
                }
            }
            write_response(stream.get_mut(), 200, "stored")?;
        }
        Ok(())
    });
    for (name, backend) in authority.trusting() {
        for _ in 0..2 {
            let outcome = backend.send(put(address)).await;
            let response = outcome.unwrap_or_else(|error| panic!("{name}: {error:?}"));
            assert_eq!(response.body(), "stored", "{name}");
        }
    }
}
