use std::time::Duration;

/// How the sandbox decides where nobody outside knows what the API does.
///
/// Each setting names the rule of the API that it stands for. The defaults are the likeliest guesses; set one where
/// you know better, or to see that your program can live with the other answer.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use linq_sandbox::{Rules, Sandbox};
///
/// let rules = Rules::default().refuse_changed_replays(true);
/// let sandbox = Sandbox::builder().rules(rules).start().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Rules {
    /// An idempotency key that comes again with another request is refused (409, code 2015), instead of getting the
    /// first answer again. Off by default: the service is not known to look at the body.
    pub refuse_changed_replays: bool,
    /// Reactions to messages that are not sent yet are taken. Off by default: the service has been seen to refuse
    /// them (500, code 3006).
    pub early_reactions: bool,
    /// How long a new chat answers everything but its creation with 409, code 2009. Nothing by default: the service
    /// is known to do so, not when.
    pub chat_settles_after: Duration,
    /// Each attempt to deliver a webhook is signed with its own time. On by default: with the time of the first
    /// attempt, receivers would refuse the later ones as too old.
    pub fresh_timestamps: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            refuse_changed_replays: false,
            early_reactions: false,
            chat_settles_after: Duration::ZERO,
            fresh_timestamps: true,
        }
    }
}

impl Rules {
    /// Sets [`refuse_changed_replays`](Self::refuse_changed_replays).
    #[must_use]
    pub fn refuse_changed_replays(mut self, refused: bool) -> Self {
        self.refuse_changed_replays = refused;
        self
    }

    /// Sets [`early_reactions`](Self::early_reactions).
    #[must_use]
    pub fn early_reactions(mut self, taken: bool) -> Self {
        self.early_reactions = taken;
        self
    }

    /// Sets [`chat_settles_after`](Self::chat_settles_after).
    #[must_use]
    pub fn chat_settles_after(mut self, settled: Duration) -> Self {
        self.chat_settles_after = settled;
        self
    }

    /// Sets [`fresh_timestamps`](Self::fresh_timestamps).
    #[must_use]
    pub fn fresh_timestamps(mut self, fresh: bool) -> Self {
        self.fresh_timestamps = fresh;
        self
    }
}
