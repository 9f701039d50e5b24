#[cfg(feature = "blocking")]
use std::thread::{self, JoinHandle};
use std::{
    convert::Infallible,
    fmt,
    future::{pending, poll_fn},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use linq_types::{ChatId, Service};

#[cfg(feature = "blocking")]
use crate::blocking;
use crate::{
    BackendFuture, Call, Client, Error, ReplayStored,
    memory::Indicator,
    resources::chats::{ChatTyping, Chats},
    trace,
    watched::Watched,
};

/// How often the indicator is started again: the API shows it for 85 to 90 seconds.
pub(crate) const REFRESH_INTERVAL: Duration = Duration::from_secs(60);
/// How long one of the requests may take, with all its attempts.
const DEADLINE: Duration = Duration::from_secs(5);

/// A typing indicator that is kept while something else is done: see
/// [`ChatTyping::keep_alive`](super::ChatTyping::keep_alive).
#[must_use = "nothing is shown until `during`, `spawn` or `start` is called"]
pub struct KeepAlive<'c, C> {
    client: &'c C,
    plan: Plan,
}

/// What is shown, and where.
#[derive(Clone)]
struct Plan {
    chat: ChatId,
    interval: Duration,
    reads: bool,
    types: bool,
}

impl<'c, C> KeepAlive<'c, C> {
    pub(super) fn new(client: &'c C, chat: ChatId) -> Self {
        Self { client, plan: Plan { chat, interval: REFRESH_INTERVAL, reads: false, types: true } }
    }

    /// Marks the messages of the chat as read first, as [`Chats::mark_as_read`](crate::resources::chats::Chats::mark_as_read)
    /// does.
    pub fn mark_read(mut self) -> Self {
        self.plan.reads = true;
        self
    }

    /// Shows no typing indicator if this service, such as that of the message to be answered, has none: SMS and RCS.
    ///
    /// Without it, requests are made that the API accepts and that show nothing there.
    pub fn service<'s>(mut self, service: impl Into<Option<&'s Service>>) -> Self {
        self.plan.types = shows_typing(service.into());
        self
    }

    /// Starts the indicator again after each interval, in place of 60 seconds. It is shown for 85 seconds each time.
    pub fn refresh_every(mut self, interval: Duration) -> Self {
        self.plan.interval = interval;
        self
    }
}

impl KeepAlive<'_, Client> {
    /// Shows the indicator while `work` is done, and returns its output.
    ///
    /// The requests are made by the returned future itself, beside `work`: nothing is spawned. At the end the indicator is
    /// removed, unless a message that was sent into the chat by this client or a clone has removed it. If the future is dropped
    /// before, the indicator disappears by itself.
    pub async fn during<F: IntoFuture>(self, work: F) -> F::Output {
        Presence::new(self.client.clone(), self.plan).keep(work.into_future()).await
    }

    /// Shows the indicator until the guard is dropped, by a future that `spawn` runs, such as `tokio::spawn`.
    ///
    /// The future ends soon after the guard is dropped: it removes the indicator, unless a message that was sent into the chat
    /// by this client or a clone has removed it. It must not be cancelled before, so detach tasks that are cancelled when their
    /// handle is dropped.
    ///
    /// ```
    /// # async fn think() -> String { String::new() }
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// # let spawn = |_: linq_core::BackendFuture<()>| {};
    /// let _typing = client.chats().typing(&chat).keep_alive().mark_read().spawn(spawn); // such as tokio::spawn
    /// client.chats().messages(&chat).send(think().await).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn spawn<T>(self, spawn: impl FnOnce(BackendFuture<()>) -> T) -> TypingGuard {
        let guard = TypingGuard::new();
        let is_closed = Arc::clone(&guard.is_closed);
        let presence = Presence::new(self.client.clone(), self.plan);
        spawn(Box::pin(async move { presence.keep(is_closed.until(closed)).await }));
        guard
    }
}

#[cfg(feature = "blocking")]
impl KeepAlive<'_, blocking::Client> {
    /// Shows the indicator while `work` is done, and returns its result: [`start`](Self::start) in one go.
    pub fn during<T>(self, work: impl FnOnce() -> T) -> T {
        let _typing = self.start();
        work()
    }

    /// On the blocking client, shows the indicator until the guard is dropped.
    ///
    /// A thread makes the requests. When the guard is dropped, it removes the indicator, unless a message that was sent into the
    /// chat by this client or a clone has removed it, and ends; the guard waits for that, for 5 seconds at most if no request is
    /// in progress.
    ///
    /// ```
    /// # fn think() -> String { String::new() }
    /// # fn doc(client: linq_core::blocking::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// let _typing = client.chats().typing(&chat).keep_alive().mark_read().start();
    /// client.chats().messages(&chat).send(think()).call()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn start(self) -> TypingGuard {
        let mut guard = TypingGuard::new();
        let is_closed = Arc::clone(&guard.is_closed);
        let presence = Presence::new(self.client.clone(), self.plan);
        let thread = thread::Builder::new().name("linq-typing".to_owned());
        match thread.spawn(move || presence.keep_until(&is_closed)) {
            Ok(thread) => guard.thread = Some(thread),
            Err(error) => trace::presence_failed(&error),
        }
        guard
    }
}

impl<C> fmt::Debug for KeepAlive<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeepAlive").field("chat", &self.plan.chat).finish_non_exhaustive()
    }
}

/// Keeps a typing indicator until it is dropped: see [`KeepAlive::spawn`].
#[cfg_attr(feature = "blocking", doc = "On the blocking client: see [`KeepAlive::start`].")]
#[derive(Debug)]
#[must_use = "the indicator is removed when the guard is dropped"]
pub struct TypingGuard {
    is_closed: Arc<Watched<bool>>,
    #[cfg(feature = "blocking")]
    thread: Option<JoinHandle<()>>,
}

impl TypingGuard {
    fn new() -> Self {
        Self {
            is_closed: Arc::default(),
            #[cfg(feature = "blocking")]
            thread: None,
        }
    }
}

impl Drop for TypingGuard {
    fn drop(&mut self) {
        self.is_closed.change(|is_closed| *is_closed = true);
        #[cfg(feature = "blocking")]
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            trace::presence_failed(&"the thread of the typing indicator panicked");
        }
    }
}

fn closed(is_closed: &bool) -> Option<()> {
    is_closed.then_some(())
}

fn shows_typing(service: Option<&Service>) -> bool {
    !matches!(service, Some(Service::Sms | Service::Rcs))
}

/// The requests about one chat, none of which fails anything. Both clients make them in short loops.
pub(crate) struct Presence<C> {
    client: C,
    plan: Plan,
    indicator: Arc<Indicator>,
}

impl<C: ReplayStored> Presence<C> {
    fn new(client: C, plan: Plan) -> Self {
        let indicator = client.setup().memory.indicators.keep(&plan.chat);
        Self { client, plan, indicator }
    }

    /// The presence of a line that types now and then.
    pub(crate) fn typing(client: C, chat: ChatId) -> Self {
        let plan = Plan { chat, interval: REFRESH_INTERVAL, reads: false, types: true };
        Self::new(client, plan)
    }

    /// Shows nothing from now on if this service has no typing indicator.
    pub(crate) fn on(&mut self, service: Option<&Service>) {
        self.plan.types &= shows_typing(service);
    }

    fn read(&self) -> Option<Call<'_, C, ()>> {
        let read = || Chats { client: &self.client }.mark_as_read(&self.plan.chat).deadline(DEADLINE);
        self.plan.reads.then(read)
    }

    /// The request to start the indicator, from which on it may be shown; `None` if nothing is to be shown.
    fn start(&self) -> Option<Call<'_, C, ()>> {
        self.plan.types.then(|| {
            self.indicator.set(true);
            ChatTyping { client: &self.client, chat: self.plan.chat.clone() }.start().deadline(DEADLINE)
        })
    }

    /// Returns whether to start it again later.
    fn started(&self, result: Result<(), Error>) -> bool {
        match result {
            Ok(()) => {
                self.indicator.set(true);
                true
            }
            Err(error) => {
                trace::presence_failed(&error);
                self.indicator.set(error.maybe_sent());
                error.is_transient()
            }
        }
    }

    /// The request to remove the indicator; `None` if it is not shown, or if somebody else keeps it.
    fn stop(&self) -> Option<Call<'_, C, ()>> {
        let is_kept = Arc::strong_count(&self.indicator) > 1;
        (self.indicator.is_shown() && !is_kept).then(|| {
            self.indicator.set(false);
            ChatTyping { client: &self.client, chat: self.plan.chat.clone() }.stop().deadline(DEADLINE)
        })
    }
}

impl Presence<Client> {
    /// Shows the indicator until `work` is done, and returns its output.
    async fn keep<T>(&self, work: impl Future<Output = T>) -> T {
        let mut has_read = false;
        let mut reading = pin!(settle(self.read()));
        let output = beside(work, async {
            reading.as_mut().await;
            has_read = true;
            self.refresh().await
        });
        let output = output.await;
        if !has_read {
            reading.await;
        }
        self.end().await;
        output
    }

    async fn refresh(&self) -> Infallible {
        while self.show().await {
            self.client.backend.sleep(self.plan.interval).await;
        }
        pending().await
    }

    /// Starts the indicator, and returns whether to start it again later.
    pub(crate) async fn show(&self) -> bool {
        match self.start() {
            Some(start) => self.started(start.await),
            None => false,
        }
    }

    /// Removes the indicator if it is shown.
    pub(crate) async fn end(&self) {
        settle(self.stop()).await;
    }
}

async fn settle(call: Option<Call<'_, Client, ()>>) {
    if let Some(call) = call
        && let Err(error) = call.await
    {
        trace::presence_failed(&error);
    }
}

/// Returns what `work` gives, and makes progress with `background` beside it.
async fn beside<T>(work: impl Future<Output = T>, background: impl Future<Output = Infallible>) -> T {
    let (mut work, mut background) = (pin!(work), pin!(background));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(output),
        Poll::Pending => background.as_mut().poll(context).map(|never| match never {}),
    })
    .await
}

#[cfg(feature = "blocking")]
impl Presence<blocking::Client> {
    fn keep_until(&self, is_closed: &Watched<bool>) {
        settle_blocking(self.read());
        while !is_closed.read(|is_closed| *is_closed) && self.show() {
            let pause = blocking::Deadline::after(Some(self.plan.interval));
            is_closed.wait_until(pause, closed);
        }
        self.end();
    }

    /// Starts the indicator, and returns whether to start it again later.
    pub(crate) fn show(&self) -> bool {
        self.start().is_some_and(|start| self.started(start.call()))
    }

    /// Removes the indicator if it is shown.
    pub(crate) fn end(&self) {
        settle_blocking(self.stop());
    }
}

#[cfg(feature = "blocking")]
fn settle_blocking(call: Option<Call<'_, blocking::Client, ()>>) {
    if let Some(Err(error)) = call.map(|call| call.call()) {
        trace::presence_failed(&error);
    }
}
