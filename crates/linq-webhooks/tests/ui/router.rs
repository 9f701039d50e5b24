use std::sync::Arc;

use linq_webhooks::{Router, events::MessageReceived};

struct App;

async fn another_state(_message: MessageReceived, _state: Arc<String>) {}

fn no_event(_text: String) {}

fn main() {
    let _ = Router::new(Arc::new(App)).on(another_state);
    let _ = Router::new(Arc::new(App)).on(no_event);
}
