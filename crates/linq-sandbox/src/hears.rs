//! Waiting for what the lines send to a person.

use std::{
    fmt,
    future::{Future, IntoFuture},
    panic::Location,
    pin::Pin,
    time::Duration,
};

use linq_types::{Handle, messages::Message};

use crate::{
    person::Person,
    shared::Shared,
    summary::{chats, summary},
    wait::DEFAULT_TIMEOUT,
};

impl<'a> Person<'a> {
    /// Waits for the next message that one of your lines sent to the person, and returns it as the API shows it.
    ///
    /// Each message is heard once, in the order in which they were sent, whether they are in a direct chat or in a group: the
    /// message has the id of the chat. All handles of a person share what was heard, and [`reset`](crate::Sandbox::reset)
    /// forgets it. A message that is pending or failed is not heard, nor is one that was deleted before. The newest 10,000
    /// messages are kept until they are heard.
    ///
    /// The timeout is 5 seconds unless [`within`](Hears::within) sets another one. It is real time, also with [manual
    /// time](crate::SandboxBuilder::manual_time), with which a message is pending until the time is
    /// [advanced](crate::Sandbox::advance).
    ///
    /// ```no_run
    /// # mod linq { pub(crate) use linq_sandbox as sandbox; }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use linq::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::start().await?;
    /// // The code under test responds through `sandbox.base_url()`.
    /// let casey = sandbox.person("+12025550199");
    /// casey.says("When do you open?")?;
    /// assert_eq!(casey.hears().await.text(), "We open at nine.");
    /// let picture = casey.hears().within(Duration::from_secs(30)).await;
    /// assert_eq!(picture.media().count(), 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// The future panics if there is no such message in time. The text has the caller, the transcripts of the person's chats
    /// with the codes of failed messages, the newest requests that failed, and the newest webhooks that were given up.
    #[track_caller]
    pub fn hears(&self) -> Hears<'a> {
        Hears {
            shared: self.shared,
            person: self.handle.clone(),
            timeout: DEFAULT_TIMEOUT,
            caller: Location::caller(),
        }
    }

    /// Waits this long, and checks that none of your lines sends a message to the person in that time. A message that the
    /// person has not [heard](Self::hears) yet counts.
    ///
    /// With [manual time](crate::SandboxBuilder::manual_time), the time is [advanced](crate::Sandbox::advance) instead: what
    /// the code under test does after it responded to a webhook is not waited for.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_sandbox as sandbox; }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use linq::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::builder().manual_time().start().await?;
    /// let casey = sandbox.person("+12025550199");
    /// casey.opts_out()?;
    /// casey.hears_nothing_for(Duration::from_secs(60)).await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// The future panics if there is a message. The text has the caller, the message and the transcripts.
    #[must_use = "nothing is checked unless it is awaited"]
    #[track_caller]
    pub fn hears_nothing_for(&self, duration: Duration) -> impl Future<Output = ()> + Send + use<'a> {
        let (shared, person, caller) = (self.shared, self.handle.clone(), Location::caller());
        async move {
            let heard = match shared.clock.stands_still() {
                false => shared.wait_for(duration, || shared.hear(&person)).await,
                true => match shared.hear(&person) {
                    Some(message) => Some(message),
                    None => {
                        shared.advance(duration).await;
                        shared.hear(&person)
                    }
                },
            };
            if let Some(message) = heard {
                let (text, chats) = (message.text(), chats(shared, Some(&person)));
                panic!(
                    "{caller}: {person} heard {text:?} in chat {}, but should hear nothing for {duration:?}\n{chats}",
                    message.chat_id
                );
            }
        }
    }
}

/// A wait for a message, to be awaited. Created by [`Person::hears`].
#[must_use = "nothing is waited for unless it is awaited"]
pub struct Hears<'a> {
    shared: &'a Shared,
    person: Handle,
    timeout: Duration,
    caller: &'static Location<'static>,
}

impl Hears<'_> {
    /// Sets the timeout, instead of 5 seconds of real time.
    pub fn within(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

impl<'a> IntoFuture for Hears<'a> {
    type Output = Message;
    type IntoFuture = Pin<Box<dyn Future<Output = Message> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { shared, person, timeout, caller } = self;
        Box::pin(async move {
            match shared.wait_for(timeout, || shared.hear(&person)).await {
                Some(message) => message,
                None => panic!(
                    "{caller}: {person} heard nothing within {timeout:?}\n{}",
                    summary(shared, Some(&person))
                ),
            }
        })
    }
}

impl fmt::Debug for Hears<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hears")
            .field("person", &self.person)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
