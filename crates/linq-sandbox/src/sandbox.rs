use std::{
    fmt, io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
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
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use crate::{
    assumptions::Assumptions,
    clock::Clock,
    config::{Config, Delays, RelayFrames},
    delivery::Courier,
    error::ApiError,
    faults::{Fault, InvalidFault},
    hosts::Hosts,
    line::Line,
    log::{Delivery, Log, LogEntry, Observer, RequestLog},
    page_token::PageToken,
    person::Person,
    receivers::Receivers,
    relay, scheduler, server,
    shared::Shared,
    target::AllowedTargets,
    transcript,
    webhook::{Webhook, WebhookQuery},
};

/// A running fake of the Linq API. Dropping it stops the server and all pending work; [`shutdown`](Self::shutdown) finishes
/// what is in progress.
///
/// Requires a tokio runtime with I/O and time enabled.
///
/// ```
/// # mod linq { pub(crate) use linq_sandbox as sandbox; }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use linq::sandbox::Sandbox;
///
/// let sandbox = Sandbox::start().await?;
/// println!("{} takes the key {}", sandbox.base_url(), sandbox.api_key());
/// # Ok(())
/// # }
/// ```
pub struct Sandbox {
    pub(crate) shared: Arc<Shared>,
    pub(crate) receivers: Arc<Receivers>,
    address: SocketAddr,
    base_url: String,
    control_url: String,
    page_url: String,
    relay_url: String,
    stop: watch::Sender<()>,
    tasks: JoinSet<()>,
}

impl Sandbox {
    /// Starts a sandbox on a free loopback port, with one line and a random API key.
    ///
    /// # Errors
    ///
    /// Returns an error if no port is available, or if the system provides no randomness for the key.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Returns a builder with the default settings.
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
            request_timeout: Duration::from_secs(30),
            allowed_targets: Vec::new(),
            allowed_hosts: Vec::new(),
            target_ca: None,
            relay_frames: RelayFrames::default(),
            sign_with_wall_time: false,
        }
    }

    /// Returns the base URL for a client: `http://127.0.0.1:PORT/api/partner`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns the URL of the control endpoints, for programs in other languages: `http://127.0.0.1:PORT/sandbox`.
    #[must_use]
    pub fn control_url(&self) -> &str {
        &self.control_url
    }

    /// Returns the URL of the page that shows the sandbox in a browser, where one can play the other person:
    /// `http://127.0.0.1:PORT/#token=TOKEN`.
    ///
    /// Keep it secret: the token gives access to the control endpoints and to the log with the bodies of requests and responses,
    /// but not to the API. The token is random, whatever the [seed](SandboxBuilder::seed). If the sandbox listens on an address that is not loopback, the URL has no token, and the page
    /// asks for the API key.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_sandbox as sandbox; }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use linq::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::start().await?;
    /// println!("open {}", sandbox.page_url());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn page_url(&self) -> &str {
        &self.page_url
    }

    /// Returns the URL of the relay, which sends webhooks to clients without an address of their own:
    /// `ws://127.0.0.1:PORT/relay`.
    ///
    /// A client opens a WebSocket to this URL with the query `token=API_KEY`, sends `{"action":"init"}`, and gets
    /// `{"connectionId":"..."}`. The webhooks of a subscription with the `target_url` `http://127.0.0.1:PORT/relay/ID` then
    /// arrive as [frames](RelayFrames).
    #[must_use]
    pub fn relay_url(&self) -> &str {
        &self.relay_url
    }

    /// Returns a warning for the user if the sandbox is reachable from the network; `None` if it listens on a loopback
    /// address.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        let address = self.address.ip();
        (!address.is_loopback()).then(|| {
            format!(
                "{address} can be reached from the network: whoever has the key can use this sandbox, over plain http"
            )
        })
    }

    /// Returns the address the server listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the API key that requests must carry.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.shared.config.api_key
    }

    /// Returns the phone number of the first line.
    #[must_use]
    pub fn phone_number(&self) -> &Handle {
        &self.shared.config.phone_numbers[0]
    }

    /// Returns the current time of the sandbox.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now().timestamp()
    }

    /// Returns a clock with the time of the sandbox, for what verifies its webhooks: `Verifier::clock` and `Receiver::clock` of
    /// `linq::webhooks`. After the time was advanced, signatures would otherwise be too new.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_sandbox as sandbox; pub(crate) use linq_webhooks as webhooks; }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use linq::{sandbox::Sandbox, webhooks::Verifier};
    ///
    /// let sandbox = Sandbox::start().await?;
    /// let secret = sandbox.subscribe("http://127.0.0.1:4000/linq")?;
    /// let verifier = Verifier::new(secret)?.clock(sandbox.clock());
    /// # drop(verifier);
    /// # Ok(())
    /// # }
    /// ```
    pub fn clock(&self) -> impl Fn() -> Timestamp + Clone + Send + Sync + use<> {
        let shared = Arc::clone(&self.shared);
        move || shared.clock.now().timestamp()
    }

    /// Advances the time at once. On return, everything that was due in between is done, in order of time: messages
    /// have moved on, webhooks are delivered, and failed deliveries are retried. `Duration::ZERO` waits for what is
    /// already due.
    ///
    /// This works with [manual time](SandboxBuilder::manual_time) and with time that passes by itself. Receivers of
    /// webhooks have real time to respond: one that does not respond delays this until the attempt [times
    /// out](SandboxBuilder::webhook_timeout).
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
    /// let before = sandbox.now();
    /// sandbox.advance(Duration::from_secs(30 * 60)).await;
    /// assert_eq!(sandbox.now().unix_seconds() - before.unix_seconds(), 30 * 60);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn advance(&self, time: Duration) {
        self.shared.advance(time).await;
    }

    /// Returns a handle to play another person, by their phone number or email address.
    #[must_use]
    pub fn person(&self, handle: impl Into<Handle>) -> Person<'_> {
        Person::new(&self.shared, handle.into())
    }

    /// Completes the setup of a payment provider, such as `stripe` or `natural`. Until then, payment requests are
    /// rejected (403, [`FEATURE_NOT_ENABLED`](ErrorCode::FEATURE_NOT_ENABLED)).
    pub fn connect_payment_provider(&self, provider: impl Into<String>) {
        let provider = provider.into();
        self.shared.change(|store, _| store.set_provider(provider, PaymentProviderStatus::Ready));
    }

    /// Returns a handle to control how carriers and Apple treat one of your lines.
    #[must_use]
    pub fn line(&self, phone_number: impl Into<Handle>) -> Line<'_> {
        Line::new(&self.shared, phone_number.into())
    }

    /// Subscribes a URL to every event type, as `POST /v3/webhook-subscriptions` does, and returns the signing secret.
    ///
    /// The URL is `https`, or `http` on this machine or at an [allowed target](SandboxBuilder::allow_target). Its path and
    /// query are percent-encoded for the request. Deliveries to another machine are logged as failed unless they are
    /// allowed.
    ///
    /// # Errors
    ///
    /// Returns [`INVALID_PARAMETER`](ErrorCode::INVALID_PARAMETER) for a URL that is not accepted, and
    /// [`CONFLICT`](ErrorCode::CONFLICT) for one that already has a subscription.
    pub fn subscribe(&self, target_url: impl Into<String>) -> Result<SigningSecret, ApiError> {
        let new = NewWebhookSubscription::new(target_url, EventType::KNOWN.iter().cloned());
        self.shared.change(|store, now| {
            let trace_id = store.ids.trace_id();
            Ok(store.subscribe(now, new, &trace_id)?.secret.clone())
        })
    }

    /// Returns the transcript of a chat: one line per message, oldest first, with its delivery status and reactions.
    /// Empty if there is no such chat.
    #[must_use]
    pub fn transcript(&self, chat_id: &ChatId) -> String {
        self.shared.read(|store| transcript::transcript(store, chat_id))
    }

    /// Returns `true` if the people of a chat see that your line is typing.
    #[must_use]
    pub fn shows_typing(&self, chat_id: &ChatId) -> bool {
        self.shared.read(|store| store.shows_typing(self.shared.clock.now(), chat_id))
    }

    /// Makes the next change of a chat's name, icon or background fail, with this code in its webhook.
    ///
    /// # Errors
    ///
    /// Returns [`CHAT_NOT_FOUND`](ErrorCode::CHAT_NOT_FOUND) if there is no such chat, or
    /// [`CHAT_LEFT`](ErrorCode::CHAT_LEFT) if your line left it.
    pub fn fail_next_update(&self, chat_id: &ChatId, code: ErrorCode) -> Result<(), ApiError> {
        self.shared.change(|store, _| store.fail_next_update(chat_id, code))
    }

    /// Injects a fault from now on. If several match a call or webhook, the oldest that strikes wins.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidFault`] if there are a thousand faults already, or scripts with 100,000 steps.
    pub fn inject_fault(&self, fault: Fault) -> Result<(), InvalidFault> {
        self.shared.update(|state, _| state.faults.add([Ok(fault)]))
    }

    /// Returns the active faults; of scripts, the remaining steps.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        self.shared.inspect(|state| state.faults.iter().cloned().collect())
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.shared.update(|state, _| state.faults.clear());
    }

    /// Returns the messages of a chat as the API shows them, oldest first. Empty if there is no such chat.
    #[must_use]
    pub fn messages(&self, chat_id: &ChatId) -> Vec<Message> {
        self.shared.read(|store| store.messages_of(chat_id))
    }

    /// Returns everything that your lines sent, in order, as the API shows it.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_sandbox as sandbox; }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use linq::sandbox::Sandbox;
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

    /// Returns the state of each webhook: those of the newest 10,000 attempts, and those that are pending.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_sandbox as sandbox; pub(crate) use linq_types as types; }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use linq::{sandbox::{Sandbox, WebhookQuery, WebhookStatus}, types::events::EventType};
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

    /// Resets the sandbox: chats, messages, subscriptions and everything else that happened are gone. Lines, API key,
    /// assumptions and the builder's faults are as at the start, and ids start over from the seed. The time is kept.
    pub fn reset(&self) {
        self.shared.reset(false);
    }

    /// Returns the attempts to deliver webhooks, oldest first: the newest 10,000.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.shared.log.deliveries()
    }

    /// Returns the requests that were answered, oldest first: the newest 10,000. Those with the token of the page
    /// are not among them, nor are those that a web page of another origin makes.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_sandbox as sandbox; }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use linq::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::start().await?;
    /// // After the code under test ran:
    /// assert!(sandbox.requests().iter().all(|request| request.status.is_success()));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn requests(&self) -> Vec<RequestLog> {
        self.shared.log.requests()
    }

    /// Stops accepting connections, and waits for the requests and the webhook deliveries in progress.
    ///
    /// Webhooks that are not due yet, or that wait for a retry, are dropped. Wait with a timeout: clients can stall, and
    /// faults hold responses back.
    pub async fn shutdown(mut self) {
        drop(self.stop);
        while self.tasks.join_next().await.is_some() {}
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// Settings of a [`Sandbox`]. Created by [`Sandbox::builder`].
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
    request_timeout: Duration,
    allowed_targets: Vec<String>,
    allowed_hosts: Vec<String>,
    target_ca: Option<Vec<u8>>,
    relay_frames: RelayFrames,
    sign_with_wall_time: bool,
}

impl SandboxBuilder {
    /// Sets the address to listen on, instead of a free port of 127.0.0.1.
    ///
    /// On an address that is not loopback, everyone on the network can reach the sandbox, protected only by its API key
    /// over plain http. [`Sandbox::warning`] reports this.
    pub fn address(mut self, address: impl Into<SocketAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// Sets the API key that requests must carry, instead of a random one: visible ASCII characters.
    pub fn api_key(mut self, api_key: impl Into<String>) -> Self {
        self.api_key = Some(api_key.into());
        self
    }

    /// Adds a line to the account. Without any, there is one: `+12025550100`.
    pub fn phone_number(mut self, phone_number: impl Into<Handle>) -> Self {
        self.phone_numbers.push(phone_number.into());
        self
    }

    /// Sets the seed of everything random. Two runs with the same seed that do the same in the same order have the same
    /// ids, signing secrets and jitter.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Sets how long a sent message stays in each state.
    pub fn delays(mut self, delays: Delays) -> Self {
        self.delays = delays;
        self
    }

    /// Scales the delays between attempts to deliver a webhook, and the 30 minutes after which the sandbox gives up.
    /// The API waits 2 s, then twice as long each time, 10 minutes at most; `0.01` makes the first delay 20 ms. The factor
    /// is from 0 to 1,000. With 0, all attempts follow at once; their number is the same for each factor.
    pub fn webhook_retry_factor(mut self, factor: f64) -> Self {
        self.webhook_retry_factor = factor;
        self
    }

    /// Sets the timeout of a webhook receiver's response, instead of 10 s: from 1 ms to 1 hour.
    pub fn webhook_timeout(mut self, timeout: Duration) -> Self {
        self.webhook_timeout = timeout;
        self
    }

    /// Sets the timeout for the head of a request and for its body, uploads included, instead of 30 s: from 1 ms to 1 hour.
    /// A connection without a request is closed after it, too.
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = timeout;
        self
    }

    /// Allows the delivery of webhooks to another machine, by the origin of its URLs: scheme, host and port, such as
    /// `http://app:8080` for a service of a compose network. Can be called several times.
    ///
    /// Without it, webhooks are delivered to this machine only: a subscription with an `http` URL elsewhere is rejected, and
    /// deliveries to an `https` URL elsewhere are logged as failed. `https` needs the feature `tls`.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_sandbox as sandbox; }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use linq::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::builder().allow_target("http://app:8080").start().await?;
    /// sandbox.subscribe("http://app:8080/linq")?;
    /// assert!(sandbox.subscribe("http://other:8080/linq").is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn allow_target(mut self, origin: impl Into<String>) -> Self {
        self.allowed_targets.push(origin.into());
        self
    }

    /// Trusts the certificates in this PEM text when webhooks are delivered to `https`, besides those of the platform.
    /// Replaces those of an earlier call. Needs the feature `tls`.
    pub fn target_ca(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.target_ca = Some(pem.into());
        self
    }

    /// Accepts requests whose `Host` header has this name or address, without a port. Can be called several times.
    ///
    /// Always accepted are `localhost`, loopback addresses, the address that the sandbox listens on, and the address that
    /// the connection was made to. Requests for another host get 421: a web page could otherwise make a browser on this
    /// machine use the sandbox, by a name that resolves to it.
    ///
    /// If the sandbox listens on an unspecified address, such as `0.0.0.0`, the first of these names is the host of the
    /// URLs that it hands out and of its [`base_url`](Sandbox::base_url).
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.allowed_hosts.push(host.into());
        self
    }

    /// Behaves like an account of the vendor's sandbox tier: people must write first (403,
    /// [`RECIPIENT_NOT_ALLOWED`](ErrorCode::RECIPIENT_NOT_ALLOWED)), there are no locations (403,
    /// [`FEATURE_NOT_ENABLED`](ErrorCode::FEATURE_NOT_ENABLED)), and all lines together send at most 100 messages per
    /// day (UTC).
    pub fn sandbox_tier(mut self) -> Self {
        self.sandbox_tier = true;
        self
    }

    /// Adds an experience that messages can run. Without any, messages that run one are rejected (403,
    /// [`FEATURE_NOT_ENABLED`](ErrorCode::FEATURE_NOT_ENABLED)).
    pub fn experience(mut self, experience: Experience) -> Self {
        self.experiences.push(experience);
        self
    }

    /// Sets the maximum number of concurrent webhook deliveries, instead of 64: from 1 to 1,000. With [manual
    /// time](Self::manual_time) it is always 1, so that webhooks arrive in the order of the events.
    pub fn max_concurrent_deliveries(mut self, most: usize) -> Self {
        self.max_concurrent_deliveries = most;
        self
    }

    /// Sets what the sandbox assumes where the behavior of the API is not documented.
    pub fn assumptions(mut self, assumptions: Assumptions) -> Self {
        self.assumptions = assumptions;
        self
    }

    /// Adds a fault that is active from the start.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Stops the clock; only [`Sandbox::advance`] moves it.
    ///
    /// Without this, time passes by itself, and a message is read a fifth of a second after it was sent whatever the
    /// test does. With it, a message stays pending until the test advances the time.
    pub fn manual_time(mut self) -> Self {
        self.manual_time = true;
        self
    }

    /// Sets the time at the start, instead of the system time: from 1970 to 8960. With a [`seed`](Self::seed) and
    /// [`manual_time`](Self::manual_time), every response of a run is the same as in the run before.
    ///
    /// Webhooks are signed with the sandbox's time; receivers reject them if it differs too much from theirs, unless they use
    /// [its clock](Sandbox::clock) or the sandbox [signs with wall time](Self::sign_with_wall_time).
    pub fn starts_at(mut self, time: Timestamp) -> Self {
        self.starts_at = Some(time);
        self
    }

    /// Signs webhooks with the time of this machine instead of that of the sandbox, for receivers whose clock cannot be
    /// changed. Receivers must not use [the clock of the sandbox](Sandbox::clock) then. Every attempt has its own time, whatever
    /// [`Assumptions::fresh_timestamps`] says. The times in the events are still those of the sandbox.
    pub fn sign_with_wall_time(mut self) -> Self {
        self.sign_with_wall_time = true;
        self
    }

    /// Sets the format of the frames that the [relay](Sandbox::relay_url) sends, instead of [`RelayFrames::Signed`].
    pub fn relay_frames(mut self, frames: RelayFrames) -> Self {
        self.relay_frames = frames;
        self
    }

    /// Sets a callback for each answered request and each attempt to deliver a webhook. It runs on the sandbox's tasks
    /// and should return quickly. A panic in it is caught.
    pub fn on_log(mut self, observer: impl Fn(&LogEntry) + Send + Sync + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Starts the sandbox.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is in use or not of this machine, or if the system provides no randomness. Returns
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) if a setting is invalid, such as a line that is not a phone number in
    /// E.164 form, or a value outside of the bounds that its method names.
    pub async fn start(self) -> io::Result<Sandbox> {
        let mut phone_numbers = self.phone_numbers;
        if phone_numbers.is_empty() {
            phone_numbers.push("+12025550100".into());
        }
        let mut config = Config {
            api_key: match self.api_key {
                Some(api_key) => api_key,
                None => format!("sandbox_{:016x}{:016x}", random()?, random()?),
            },
            seed: match self.seed {
                Some(seed) => seed,
                None => random()?,
            },
            page_token: PageToken::random()?,
            phone_numbers,
            delays: self.delays,
            webhook_retry_factor: self.webhook_retry_factor,
            webhook_timeout: self.webhook_timeout,
            assumptions: self.assumptions,
            sandbox_tier: self.sandbox_tier,
            experiences: self.experiences,
            max_concurrent_deliveries: self.max_concurrent_deliveries,
            faults: self.faults,
            request_timeout: self.request_timeout,
            allowed_targets: AllowedTargets::new(&self.allowed_targets).map_err(invalid)?,
            hosts: Hosts::new(self.address.ip(), &self.allowed_hosts).map_err(invalid)?,
            relay_frames: self.relay_frames,
            sign_with_wall_time: self.sign_with_wall_time,
        };
        config.check().map_err(invalid)?;
        let clock = Clock::start(self.starts_at, self.manual_time)
            .ok_or_else(|| invalid("`starts_at` must be from 1970 to 8960"))?;
        let receivers = Arc::<Receivers>::default();
        let courier = Courier::new(self.target_ca.as_deref(), receivers.clone())
            .map_err(|reason| invalid(format!("`target_ca`: {reason}")))?;
        let listener = TcpListener::bind(self.address).await?;
        let address = listener.local_addr()?;
        let origin = config.hosts.origin(address);
        let base_url = format!("{origin}/api/partner");
        let control_url = format!("{origin}/sandbox");
        let page_url = match address.ip().is_loopback() {
            true => format!("{origin}/#token={}", config.page_token.expose()),
            false => format!("{origin}/"),
        };
        let relay_url = format!("{}{}", origin.replacen("http", "ws", 1), relay::PATH);
        // The relay is a target.
        config.allowed_targets.add(&format!("{origin}/").parse().map_err(io::Error::other)?);
        let shared = Arc::new(Shared::new(config, clock, Log::new(self.observer), origin));
        let mut tasks = JoinSet::new();
        let (stop, stopped) = watch::channel(());
        tasks.spawn(server::run(listener, shared.clone(), stopped.clone()));
        tasks.spawn(scheduler::run(shared.clone(), courier, stopped));
        Ok(Sandbox { shared, receivers, address, base_url, control_url, page_url, relay_url, stop, tasks })
    }
}

impl fmt::Debug for SandboxBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxBuilder").field("address", &self.address).finish_non_exhaustive()
    }
}

fn invalid(reason: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, reason.into())
}

fn random() -> io::Result<u64> {
    getrandom::u64().map_err(io::Error::other)
}
