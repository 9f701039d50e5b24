//! Storage that refuses an upload before it has read it.

use std::{
    io::{Read, Write},
    net::Shutdown,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use linq_core::{Client, ErrorKind, resources::attachments::UploadFile};

use super::{all, read_body, read_head, serve, write_response};

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
            thread::sleep(Duration::from_secs(1));
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
