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
    /// The items as a [`Stream`], for the combinators of the `futures` crates.
    pub fn into_stream(self) -> ItemStream<'c, P> {
        ItemStream { state: State::Resting(Box::new(self)) }
    }
}

/// The items of a list as a [`Stream`]: what [`Items::into_stream`] gives.
#[must_use = "items are fetched only when they are asked for"]
#[cfg(feature = "stream")]
pub struct ItemStream<'c, P: Page> {
    state: State<'c, P>,
}

type Boxed<'c, P> = Box<Items<'c, Client, P>>;
type Step<'c, P> = (Boxed<'c, P>, Option<Result<<P as Page>::Item, Error>>);

enum State<'c, P: Page> {
    Resting(Boxed<'c, P>),
    Asking(Pin<Box<dyn Future<Output = Step<'c, P>> + Send + 'c>>),
    /// Only while it is polled.
    Taken,
}

impl<'c, P> Stream for ItemStream<'c, P>
where
    P: Page<Item: Send> + DeserializeOwned + 'c,
{
    type Item = Result<P::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut asking = match std::mem::replace(&mut self.state, State::Taken) {
            State::Resting(mut items) => Box::pin(async move {
                let item = items.next().await;
                (items, item)
            }),
            State::Asking(asking) => asking,
            State::Taken => return Poll::Ready(None),
        };
        match asking.as_mut().poll(context) {
            Poll::Pending => {
                self.state = State::Asking(asking);
                Poll::Pending
            }
            Poll::Ready((items, item)) => {
                self.state = State::Resting(items);
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
