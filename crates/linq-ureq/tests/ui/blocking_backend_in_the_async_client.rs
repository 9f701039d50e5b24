use linq_core::Client;
use linq_ureq::UreqBackend;

fn main() {
    let _ = Client::new("key", UreqBackend::new());
}
