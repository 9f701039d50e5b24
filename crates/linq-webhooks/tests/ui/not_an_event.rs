use linq_macros::linq_handler;

struct Bot;

#[linq_handler]
impl Bot {
    #[on]
    async fn greet(&self, _text: String) {}
}

fn main() {}
