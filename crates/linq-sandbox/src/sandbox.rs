use std::{
    fmt, io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use linq_types::{
    ChatId, Handle,
    events::EventType,
    payments::PaymentProviderStatus,
    webhook_subscriptions::{NewWebhookSubscription, SigningSecret},
};
use tokio::{net::TcpListener, task::JoinSet};

use crate::{
    ApiError, Delays, Delivery, Line, LogEntry, Person, Rules,
    config::Config,
    log::{Log, Observer},
    scheduler, server,
    shared::Shared,
    transcript,
};

/// A running fake of the Linq API. Dropping it stops the server and everything under way.
///
/// It needs a tokio runtime with I/O and time.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use linq_sandbox::Sandbox;
///
/// let sandbox = Sandbox::start().await?;
/// println!("{} takes the key {}", sandbox.base_url(), sandbox.api_key());
/// # Ok(())
/// # }
/// ```
pub struct Sandbox {
    shared: Arc<Shared>,
    address: SocketAddr,
    base_url: String,
    _tasks: JoinSet<()>,
}

impl Sandbox {
    /// Starts on a free port of this machine, with one line and a made-up key.
    ///
    /// # Errors
    ///
    /// When the system gives no port, or no randomness for the key.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Starts with settings of your own.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            api_key: None,
            phone_numbers: Vec::new(),
            seed: None,
            delays: Delays::default(),
            rules: Rules::default(),
            sandbox_tier: false,
            retry_factor: 1.0,
            webhook_timeout: Duration::from_secs(10),
            early_reactions: false,
            refuse_changed_replays: false,
            observer: None,
        }
    }

    /// The base URL for a client: `http://127.0.0.1:PORT/api/partner`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Where the server listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The key that requests must carry.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.shared.config.api_key
    }

    /// Your first line.
    #[must_use]
    pub fn phone_number(&self) -> &Handle {
        &self.shared.config.phone_numbers[0]
    }

    /// Lets a test play somebody else, by their number or address.
    #[must_use]
    pub fn person(&self, handle: impl Into<Handle>) -> Person<'_> {
        Person::new(self, handle.into())
    }

    /// Ends the setting up of a payment provider, such as `stripe` or `natural`: from now on it can be used. Before,
    /// payment requests are refused (403, code 2011).
    pub fn connect_payment_provider(&self, provider: impl Into<String>) {
        let provider = provider.into();
        self.shared.change(|store, _| store.set_provider(provider, PaymentProviderStatus::Ready));
    }

    /// Lets a test decide how carriers and Apple treat one of your lines.
    #[must_use]
    pub fn line(&self, phone_number: impl Into<Handle>) -> Line<'_> {
        Line::new(self, phone_number.into())
    }

    /// Subscribes an address to every event type, as `POST /v3/webhook-subscriptions` does, and gives the secret
    /// that signs its webhooks.
    ///
    /// The address is `https`, or `http` on this machine. The sandbox delivers over plain `http` only:
    /// deliveries to `https` are logged as failed.
    ///
    /// # Errors
    ///
    /// `INVALID_PARAMETER` for an address that is not taken, `CONFLICT` for one that is subscribed already.
    pub fn subscribe(&self, target_url: impl Into<String>) -> Result<SigningSecret, ApiError> {
        let new = NewWebhookSubscription::new(target_url, EventType::KNOWN.iter().cloned());
        self.shared.change(|store, now| {
            let trace_id = store.ids.trace_id();
            Ok(store.subscribe(now, new, &trace_id)?.secret.clone())
        })
    }

    /// What was said in a chat: one line a message, oldest first, with its delivery state and reactions. Empty
    /// when there is no such chat.
    #[must_use]
    pub fn transcript(&self, chat_id: &ChatId) -> String {
        self.shared.read(|store| transcript::transcript(store, chat_id))
    }

    /// The attempts to deliver webhooks so far, oldest first: of the newest 10,000 entries of the log.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.shared.log.deliveries()
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// Settings of a [`Sandbox`]: [`Sandbox::builder`].
#[must_use]
pub struct SandboxBuilder {
    address: SocketAddr,
    api_key: Option<String>,
    phone_numbers: Vec<Handle>,
    seed: Option<u64>,
    delays: Delays,
    rules: Rules,
    sandbox_tier: bool,
    retry_factor: f64,
    webhook_timeout: Duration,
    early_reactions: bool,
    refuse_changed_replays: bool,
    observer: Option<Observer>,
}

impl SandboxBuilder {
    /// Listens here instead of a free port of 127.0.0.1.
    ///
    /// Any other address than a loopback one lets everybody on the network talk to the sandbox, guarded by
    /// nothing but its key over plain http.
    pub fn address(mut self, address: impl Into<SocketAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// The key that requests must carry, instead of a random one.
    pub fn api_key(mut self, api_key: impl Into<String>) -> Self {
        self.api_key = Some(api_key.into());
        self
    }

    /// Adds a line to the account. Without any there is one: `+12025550100`.
    pub fn phone_number(mut self, phone_number: impl Into<Handle>) -> Self {
        self.phone_numbers.push(phone_number.into());
        self
    }

    /// Makes ids, signing secrets and jitter the same in every run that does the same in the same order.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// How long a sent message stays in each state.
    pub fn delays(mut self, delays: Delays) -> Self {
        self.delays = delays;
        self
    }

    /// What the sandbox does where the API's behaviour is not known.
    pub fn rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// Plays an account of the API's own sandbox: people must write first (403, code 2008), and all lines together
    /// send 100 messages a day, counted from midnight UTC. Off by default.
    pub fn sandbox_tier(mut self, on: bool) -> Self {
        self.sandbox_tier = on;
        self
    }

    /// Multiplies the waits between attempts to deliver a webhook, and the 30 minutes after which they end. The
    /// API waits 2 s, then twice as long each time, 10 minutes at most; `0.01` makes the first wait 20 ms.
    /// Negative numbers and no numbers count as 0.
    pub fn retry_factor(mut self, factor: f64) -> Self {
        self.retry_factor = if factor.is_finite() { factor.clamp(0.0, 1_000.0) } else { 0.0 };
        self
    }

    /// How long a webhook receiver may take to answer, instead of 10 s.
    pub fn webhook_timeout(mut self, timeout: Duration) -> Self {
        self.webhook_timeout = timeout;
        self
    }

    /// Takes reactions to messages that are not sent yet. The API has been seen to refuse them (500, code 3006).
    pub fn early_reactions(mut self, taken: bool) -> Self {
        self.early_reactions = taken;
        self
    }

    /// Refuses an idempotency key that comes again with another request (409, code 2015), instead of repeating
    /// the first answer. Which of the two the API does is not known.
    pub fn refuse_changed_replays(mut self, refused: bool) -> Self {
        self.refuse_changed_replays = refused;
        self
    }

    /// Calls this for each request answered and each attempt to deliver a webhook, from the sandbox's tasks: it
    /// should be quick.
    pub fn on_log(mut self, observer: impl Fn(&LogEntry) + Send + Sync + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Starts the sandbox.
    ///
    /// # Errors
    ///
    /// When the address is taken or not of this machine, when a line is no number in E.164 form, or when the
    /// system gives no randomness.
    pub async fn start(self) -> io::Result<Sandbox> {
        let mut phone_numbers = self.phone_numbers;
        if phone_numbers.is_empty() {
            phone_numbers.push("+12025550100".into());
        }
        for number in &phone_numbers {
            crate::handle::check_phone_number("phone_number", number)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        }
        let config = Config {
            api_key: match self.api_key {
                Some(api_key) => api_key,
                None => format!("sandbox_{:016x}{:016x}", random()?, random()?),
            },
            seed: match self.seed {
                Some(seed) => seed,
                None => random()?,
            },
            phone_numbers,
            delays: self.delays,
            rules: self.rules,
            sandbox_tier: self.sandbox_tier,
            retry_factor: self.retry_factor,
            webhook_timeout: self.webhook_timeout,
            early_reactions: self.early_reactions,
            refuse_changed_replays: self.refuse_changed_replays,
        };
        let listener = TcpListener::bind(self.address).await?;
        let address = listener.local_addr()?;
        let origin = format!("http://{address}");
        let base_url = format!("{origin}/api/partner");
        let shared = Arc::new(Shared::new(config, Log::new(self.observer), origin));
        let mut tasks = JoinSet::new();
        tasks.spawn(server::run(listener, shared.clone()));
        tasks.spawn(scheduler::run(shared.clone()));
        Ok(Sandbox { shared, address, base_url, _tasks: tasks })
    }
}

impl fmt::Debug for SandboxBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxBuilder").field("address", &self.address).finish_non_exhaustive()
    }
}

fn random() -> io::Result<u64> {
    getrandom::u64().map_err(io::Error::other)
}
