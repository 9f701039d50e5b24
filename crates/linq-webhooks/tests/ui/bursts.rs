use linq_macros::linq_handler;
use linq_webhooks::{
    Router,
    events::{MessageRead, MessageReceived, MessageSent},
};

struct Texts;

#[linq_handler]
impl Texts {
    #[on]
    async fn not_an_event(&self, _texts: Vec<String>) {}
}

struct Twice;

#[linq_handler]
impl Twice {
    #[on]
    fn one(&self, _message: MessageReceived) {}

    #[on]
    fn many(&self, _messages: Vec<MessageReceived>) {}
}

struct Borrows;

#[linq_handler]
impl Borrows {
    #[on]
    fn slice(&self, _messages: &[MessageReceived]) {}

    #[on]
    fn reference(&self, _messages: &Vec<MessageRead>) {}

    #[on]
    fn references(&self, _messages: Vec<&MessageSent>) {}
}

struct Results;

#[linq_handler]
impl Results {
    #[on]
    async fn returns_a_number(&self, _messages: Vec<MessageReceived>) -> u32 {
        7
    }
}

mod another_vec {
    use linq_macros::linq_handler;
    use linq_webhooks::events::MessageReceived;

    struct Vec<T>(T);

    struct Bot;

    #[linq_handler]
    impl Bot {
        #[on]
        fn many(&self, _messages: Vec<MessageReceived>) {}
    }
}

#[linq_handler]
fn not_an_event(_texts: Vec<String>) {}

fn texts(_texts: Vec<String>) {}

fn main() {
    let _ = Router::new(()).on(texts);
}
