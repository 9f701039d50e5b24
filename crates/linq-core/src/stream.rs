use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;
use linq_types::page::Page;
use serde::de::DeserializeOwned;

use crate::{Client, Error, Items};

#[cfg(feature = "stream")]
impl<'c, P: Page + DeserializeOwned + 'c> Items<'c, Client, P> {
    /// Turns the items into a [`Stream`](https://docs.rs/futures-core/0.3/futures_core/stream/trait.Stream.html), for the combinators of the `futures` crates.
    pub fn into_stream(self) -> ItemStream<'c, P> {
        ItemStream { state: State::Idle(Box::new(self)) }
    }
}

/// The items of a list as a stream: see [`Items::into_stream`].
#[must_use = "items are requested only when the stream is polled"]
#[cfg(feature = "stream")]
pub struct ItemStream<'c, P: Page> {
    state: State<'c, P>,
}

type Boxed<'c, P> = Box<Items<'c, Client, P>>;
type Step<'c, P> = (Boxed<'c, P>, Option<Result<<P as Page>::Item, Error>>);

enum State<'c, P: Page> {
    Idle(Boxed<'c, P>),
    Requesting(Pin<Box<dyn Future<Output = Step<'c, P>> + Send + 'c>>),
    /// Only while it is polled.
    Taken,
}

impl<'c, P> Stream for ItemStream<'c, P>
where
    P: Page<Item: Send> + DeserializeOwned + 'c,
{
    type Item = Result<P::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut requesting = match std::mem::replace(&mut self.state, State::Taken) {
            State::Idle(mut items) => Box::pin(async move {
                let item = items.next().await;
                (items, item)
            }),
            State::Requesting(requesting) => requesting,
            State::Taken => return Poll::Ready(None),
        };
        match requesting.as_mut().poll(context) {
            Poll::Pending => {
                self.state = State::Requesting(requesting);
                Poll::Pending
            }
            Poll::Ready((items, item)) => {
                self.state = State::Idle(items);
                Poll::Ready(item)
            }
        }
    }
}

impl<P: Page> fmt::Debug for ItemStream<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ItemStream")
    }
}
