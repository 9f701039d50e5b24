//! A received file on every backend, from a sandbox whose storage fails and whose URLs expire.

use std::time::Duration;

use linq_core::{
    Client,
    resources::attachments::UploadFile,
    types::parts::{MediaPartResponse, Part},
};
use linq_sandbox::Sandbox;

use super::all;

const SIZE: usize = 300_000;
const CHUNK: u64 = 100_000;

fn photo() -> Vec<u8> {
    (0..=u8::MAX).cycle().take(SIZE).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_backend_uploads_a_part_and_downloads_it_past_faults_and_an_expired_url() {
    for (name, backend) in all() {
        let sandbox = Sandbox::builder().manual_time().start().await.unwrap();
        let builder = Client::builder().base_url(sandbox.base_url()).api_key(sandbox.api_key());
        let file = || UploadFile::new("photo.jpg", "image/jpeg", photo());
        let uploaded = backend.call(
            builder.clone(),
            move |client| Box::pin(async move { client.attachments().upload_part(file()).await }),
            move |client| client.attachments().upload_part(file()).call(),
        );
        let part: Part = uploaded.await.unwrap();

        let said = sandbox.person("+12025550199").sends(part).unwrap();
        let id = said.message_id.clone();
        let other_id = id.clone();
        let received = backend.call(
            builder.clone(),
            move |client| Box::pin(async move { client.messages().retrieve(&id).await }),
            move |client| client.messages().retrieve(&other_id).call(),
        );
        let media: MediaPartResponse = received.await.unwrap().media().next().unwrap().clone();
        sandbox.advance(Duration::from_secs(61 * 60)).await;
        sandbox.inject_fault("file: truncated, 503, ok, truncated, cut, ok x2".parse().unwrap()).unwrap();

        let other = media.clone();
        let downloaded = backend.call(
            builder,
            move |client| {
                Box::pin(async move { client.attachments().download(&media).chunk_bytes(CHUNK).await })
            },
            move |client| client.attachments().download(&other).chunk_bytes(CHUNK).call(),
        );
        assert!(downloaded.await.unwrap() == photo(), "{name}");
    }
}
