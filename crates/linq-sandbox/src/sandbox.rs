use std::{
    fmt, io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::{Duration, SystemTime},
};

use linq_types::{
    ChatId, Handle, Timestamp,
    error::ErrorCode,
    events::EventType,
    experiences::Experience,
    messages::Message,
    payments::PaymentProviderStatus,
    webhook_subscriptions::{NewWebhookSubscription, SigningSecret},
};
use tokio::{net::TcpListener, task::JoinSet};

use crate::{
    assumptions::Assumptions,
    check,
    clock::Clock,
    config::{Config, Delays},
    error::ApiError,
    faults::{Fault, InvalidFault},
    line::Line,
    log::{Delivery, Log, LogEntry, Observer},
    person::Person,
    scheduler, server,
    shared::Shared,
    transcript,
    webhook::{Webhook, WebhookQuery},
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
    control_url: String,
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
            webhook_retry_factor: 1.0,
            webhook_timeout: Duration::from_secs(10),
            assumptions: Assumptions::default(),
            sandbox_tier: false,
            experiences: Vec::new(),
            max_concurrent_deliveries: 64,
            faults: Vec::new(),
            starts_at: None,
            manual_time: false,
            observer: None,
        }
    }

    /// The base URL for a client: `http://127.0.0.1:PORT/api/partner`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Where programs in other languages steer the sandbox: `http://127.0.0.1:PORT/sandbox`.
    #[must_use]
    pub fn control_url(&self) -> &str {
        &self.control_url
    }

    /// What whoever started it should be told: that it can be reached from the network, if it can.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        let address = self.address.ip();
        (!address.is_loopback()).then(|| {
            format!(
                "{address} can be reached from the network: whoever has the key can use this sandbox, over plain http"
            )
        })
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

    /// The sandbox's time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now().timestamp()
    }

    /// Lets time pass at once. When this ends, everything that was due within was done in the order of time:
    /// messages have moved on, webhooks are delivered, and those that failed were tried again. `Duration::ZERO`
    /// waits for what is due already.
    ///
    /// This works on time that [stands still](SandboxBuilder::manual_time), and on time that passes by itself too.
    /// A receiver has real time to answer: one that does not holds this up until the attempt
    /// [times out](SandboxBuilder::webhook_timeout).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use linq_sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::builder().manual_time().start().await?;
    /// let before = sandbox.now();
    /// sandbox.advance(Duration::from_secs(30 * 60)).await;
    /// assert_eq!(sandbox.now().unix_seconds() - before.unix_seconds(), 30 * 60);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn advance(&self, time: Duration) {
        self.shared.advance(time).await;
    }

    /// Lets a test play somebody else, by their number or address.
    #[must_use]
    pub fn person(&self, handle: impl Into<Handle>) -> Person<'_> {
        Person::new(&self.shared, handle.into())
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
        Line::new(&self.shared, phone_number.into())
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

    /// Whether the people of a chat see that your line is typing.
    #[must_use]
    pub fn shows_typing(&self, chat_id: &ChatId) -> bool {
        self.shared.read(|store| store.shows_typing(self.shared.clock.now(), chat_id))
    }

    /// Lets the next change of a chat's name, icon or background fail, with this code in its webhook.
    ///
    /// # Errors
    ///
    /// `CHAT_NOT_FOUND`, or `CHAT_LEFT` when your line left the chat.
    pub fn fail_next_update(&self, chat_id: &ChatId, code: ErrorCode) -> Result<(), ApiError> {
        self.shared.change(|store, _| store.fail_next_update(chat_id, code))
    }

    /// Lets something go wrong from now on. What was asked for first strikes first.
    ///
    /// # Errors
    ///
    /// [`InvalidFault`] when there are a thousand already.
    pub fn inject(&self, fault: Fault) -> Result<(), InvalidFault> {
        self.shared.update(|state, _| state.faults.add(fault))
    }

    /// What goes wrong at present; of scripts, what is left of them.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        self.shared.inspect(|state| state.faults.iter().cloned().collect())
    }

    /// Lets nothing go wrong any more.
    pub fn clear_faults(&self) {
        self.shared.update(|state, _| state.faults.clear());
    }

    /// The messages of a chat, oldest first, as the API shows them. None if there is no such chat.
    #[must_use]
    pub fn messages(&self, chat_id: &ChatId) -> Vec<Message> {
        self.shared.read(|store| store.messages_of(chat_id))
    }

    /// Everything that your lines sent, in the order they did, as the API shows it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use linq_sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::start().await?;
    /// // After the code under test ran:
    /// assert!(sandbox.sent().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn sent(&self) -> Vec<Message> {
        self.shared.read(|store| store.sent())
    }

    /// What became of each webhook: those of the newest 10,000 attempts, and those that wait.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use linq_sandbox::{Sandbox, WebhookQuery, WebhookStatus};
    /// use linq_types::events::EventType;
    ///
    /// let sandbox = Sandbox::builder().manual_time().start().await?;
    /// // Nobody listens there.
    /// sandbox.subscribe("http://127.0.0.1:1/")?;
    /// sandbox.person("+12025550199").says("Hello?")?;
    /// sandbox.advance(Duration::from_secs(10)).await;
    ///
    /// let received = WebhookQuery::default().event_type(EventType::MessageReceived);
    /// let webhook = &sandbox.webhooks(&received)[0];
    /// assert_eq!(webhook.status, WebhookStatus::Waiting);
    /// assert_eq!(webhook.attempts.len(), 3);
    /// assert!(webhook.next_attempt.is_some());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn webhooks(&self, query: &WebhookQuery) -> Vec<Webhook> {
        self.shared.webhooks(query)
    }

    /// Forgets chats, messages, subscriptions and all else that happened. Lines, key, rules and the builder's
    /// faults stay as they were at the start, and ids come again from the seed. Time goes on.
    pub fn reset(&self) {
        self.shared.reset(false);
    }

    /// The attempts to deliver webhooks so far, oldest first: the newest 10,000.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.shared.log.deliveries()
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
    webhook_retry_factor: f64,
    webhook_timeout: Duration,
    assumptions: Assumptions,
    sandbox_tier: bool,
    experiences: Vec<Experience>,
    max_concurrent_deliveries: usize,
    faults: Vec<Fault>,
    starts_at: Option<Timestamp>,
    manual_time: bool,
    observer: Option<Observer>,
}

impl SandboxBuilder {
    /// Listens here instead of a free port of 127.0.0.1.
    ///
    /// Any other address than a loopback one lets everybody on the network talk to the sandbox, guarded by
    /// nothing but its key over plain http: [`Sandbox::warning`] says so.
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

    /// Multiplies the waits between attempts to deliver a webhook, and the 30 minutes after which they end. The
    /// API waits 2 s, then twice as long each time, 10 minutes at most; `0.01` makes the first wait 20 ms.
    /// Negative numbers and no numbers count as 0.
    pub fn webhook_retry_factor(mut self, factor: f64) -> Self {
        self.webhook_retry_factor = if factor.is_finite() { factor.clamp(0.0, 1_000.0) } else { 0.0 };
        self
    }

    /// How long a webhook receiver may take to answer, instead of 10 s.
    pub fn webhook_timeout(mut self, timeout: Duration) -> Self {
        self.webhook_timeout = timeout;
        self
    }

    /// Plays an account of the API's own sandbox: people must write first (403, code 2008), there are no locations
    /// (403, code 2011), and all lines together send 100 messages a day, counted from midnight UTC. Off by default.
    pub fn sandbox_tier(mut self) -> Self {
        self.sandbox_tier = true;
        self
    }

    /// Adds an experience to those that messages can run. Without any, none can (403, code 2011).
    pub fn experience(mut self, experience: Experience) -> Self {
        self.experiences.push(experience);
        self
    }

    /// How many webhooks are on their way at the same time at most, instead of 64; at least one. On time that
    /// [stands still](Self::manual_time) it is always one, so that they arrive in the order of what happened.
    pub fn max_concurrent_deliveries(mut self, most: usize) -> Self {
        self.max_concurrent_deliveries = most.max(1);
        self
    }

    /// What the sandbox does where the API's behaviour is not known.
    pub fn assumptions(mut self, assumptions: Assumptions) -> Self {
        self.assumptions = assumptions;
        self
    }

    /// Lets something go wrong from the start.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Lets time stand still until [`Sandbox::advance`] moves it.
    ///
    /// Without this, time passes as it does on the wall, so that a message is read a fifth of a second after it was
    /// sent whatever the test does. With it, a message stays pending until the test says that time has passed.
    pub fn manual_time(mut self) -> Self {
        self.manual_time = true;
        self
    }

    /// The time when the sandbox starts, instead of the time on the wall. With a [`seed`](Self::seed) and
    /// [`manual_time`](Self::manual_time), every answer of a run is the same as in the run before.
    ///
    /// Webhooks are signed with the sandbox's time; their receivers refuse them if it is not about theirs.
    pub fn starts_at(mut self, time: Timestamp) -> Self {
        self.starts_at = Some(time);
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
            check::phone_number("phone_number", number)
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
            webhook_retry_factor: self.webhook_retry_factor,
            webhook_timeout: self.webhook_timeout,
            assumptions: self.assumptions,
            sandbox_tier: self.sandbox_tier,
            experiences: self.experiences,
            max_concurrent_deliveries: self.max_concurrent_deliveries,
            faults: self.faults,
        };
        let clock = Clock::start(self.starts_at.map(since_1970), self.manual_time);
        let listener = TcpListener::bind(self.address).await?;
        let address = listener.local_addr()?;
        let origin = format!("http://{address}");
        let base_url = format!("{origin}/api/partner");
        let control_url = format!("{origin}/sandbox");
        let shared = Arc::new(Shared::new(config, clock, Log::new(self.observer), origin));
        let mut tasks = JoinSet::new();
        tasks.spawn(server::run(listener, shared.clone()));
        tasks.spawn(scheduler::run(shared.clone()));
        Ok(Sandbox { shared, address, base_url, control_url, _tasks: tasks })
    }
}

impl fmt::Debug for SandboxBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxBuilder").field("address", &self.address).finish_non_exhaustive()
    }
}

fn since_1970(time: Timestamp) -> SystemTime {
    let seconds = u64::try_from(time.unix_seconds()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::new(seconds, time.subsec_nanoseconds())
}

fn random() -> io::Result<u64> {
    getrandom::u64().map_err(io::Error::other)
}
