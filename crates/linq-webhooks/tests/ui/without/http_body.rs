use http::{Request, Response};
use linq_webhooks::{EventHandler, Receiver};

async fn serve<H: EventHandler>(receiver: Receiver<H>, request: Request<String>) -> Response<String> {
    receiver.serve(request).await.unwrap()
}

fn main() {}
