use hooks::{
    EventHandler, Outcome, Router,
    events::{Event, EventPayload, Interest, MessageRead, MessageSent},
    linq_handler,
};

use super::driven::{READ, driven};

struct Bot;

#[linq_handler(crate = hooks)]
impl Bot {
    #[on]
    async fn read(&self, _: MessageRead) {}

    #[on]
    fn sent(&self, _: Event<MessageSent>) -> Result<(), std::io::Error> {
        Ok(())
    }
}

#[linq_handler(crate = hooks)]
async fn read(_: MessageRead, _: u8) -> Result<(), std::io::Error> {
    Ok(())
}

#[test]
fn a_method_and_a_function_compile_with_a_renamed_crate() {
    assert_eq!(Bot::EVENTS, [MessageRead::EVENT, MessageSent::EVENT].map(Interest::Only));
    let event = || Event::parse_unverified(READ.to_owned()).unwrap();
    assert_eq!(driven(Bot.handle(event())).unwrap(), Outcome::Handled);
    assert_eq!(driven(Router::new(7).on(read).handle(event())).unwrap(), Outcome::Handled);
}
