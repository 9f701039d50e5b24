use std::{fmt, io, pin::pin, thread, time::Duration};

use tokio::{
    sync::mpsc::{Receiver, channel},
    time::sleep,
};
use tokio_postgres::{
    Client, Connection, Socket,
    tls::{MakeTlsConnect, TlsStream},
};

use crate::{Config, ConnectError, Store, batches::Batches, job::Job, session::Session};

/// The operations that may wait for the driver.
const MAX_JOBS: usize = 4096;
/// The waits between attempts to connect, up to the last one.
const BACKOFF: [Duration; 5] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

/// Connects to a server. `tls` makes the TLS connections: [`NoTls`](tokio_postgres::NoTls), or the connector of a crate such
/// as `tokio-postgres-rustls`.
///
/// Run the driver before using the store, and [migrate](Store::migrate) the schema.
///
/// # Errors
///
/// Returns an error if the server cannot be reached, or does not make commits durable.
pub async fn connect<T>(config: Config, tls: T) -> Result<(Store, Driver<T>), ConnectError>
where
    T: MakeTlsConnect<Socket> + Clone,
{
    if !config.has_valid_schema() {
        return Err(ConnectError::InvalidSchema);
    }
    let links = open(&config, &tls).await?;
    let (sender, jobs) = channel(MAX_JOBS);
    let store = Store::new(sender, &config);
    Ok((store, Driver { config, tls, jobs, links: Some(links) }))
}

/// Owns the connections of a [`Store`].
#[must_use = "a store does nothing until its driver runs"]
pub struct Driver<T: MakeTlsConnect<Socket>> {
    config: Config,
    tls: T,
    jobs: Receiver<Job>,
    links: Option<Links<T::Stream>>,
}

/// The connections of a store, which were opened.
struct Links<S> {
    /// For everything but claims and settlements.
    main: Link<S>,
    leases: Link<S>,
}

struct Link<S> {
    client: Client,
    connection: Connection<Socket, S>,
}

async fn open<T>(config: &Config, tls: &T) -> Result<Links<T::Stream>, ConnectError>
where
    T: MakeTlsConnect<Socket> + Clone,
{
    Ok(Links { main: open_one(config, tls.clone()).await?, leases: open_one(config, tls.clone()).await? })
}

/// Opens a connection and checks the server.
async fn open_one<T: MakeTlsConnect<Socket>>(
    config: &Config,
    tls: T,
) -> Result<Link<T::Stream>, ConnectError> {
    let (client, mut connection) = config.postgres.connect(tls).await?;
    let setting = tokio::select! {
        setting = client.simple_query("show synchronous_commit") => setting?,
        closed = &mut connection => return Err(closed.err().map_or_else(disconnected, ConnectError::from)),
    };
    let is_off = setting.iter().any(|message| {
        matches!(message, tokio_postgres::SimpleQueryMessage::Row(row) if row.get(0) == Some("off"))
    });
    if is_off && !config.allows_loss {
        return Err(ConnectError::AsynchronousCommit);
    }
    Ok(Link { client, connection })
}

fn disconnected() -> ConnectError {
    ConnectError::Postgres("the server closed the connection".into())
}

impl<T> Driver<T>
where
    T: MakeTlsConnect<Socket> + Clone,
    T::Stream: TlsStream + Unpin,
{
    /// Runs until all clones of the store are dropped and their operations have ended.
    pub async fn run(mut self) {
        let mut failures = 0;
        loop {
            let links = match self.links.take() {
                Some(links) => Ok(links),
                None => open(&self.config, &self.tls).await,
            };
            match links {
                Ok(links) => {
                    failures = 0;
                    if self.serve(links).await.is_done() {
                        return;
                    }
                }
                Err(_) => {
                    let wait = BACKOFF[failures.min(BACKOFF.len() - 1)];
                    failures += 1;
                    if self.refuse_for(wait).await.is_done() {
                        return;
                    }
                }
            }
        }
    }

    /// Runs operations until a connection is lost.
    async fn serve(&mut self, Links { main, leases }: Links<T::Stream>) -> Served {
        let mut batches = Batches::new(Session::new(main.client, leases.client, &self.config.schema));
        let mut main = pin!(main.connection);
        let mut leases = pin!(leases.connection);
        loop {
            tokio::select! {
                _ = &mut main => return Served::Disconnected,
                _ = &mut leases => return Served::Disconnected,
                job = self.jobs.recv() => match job {
                    Some(job) => batches.start(job),
                    None => break,
                },
            }
        }
        // The connections end when no operation has the session any more.
        let _closed = tokio::join!(batches.finish(), main, leases);
        Served::Done
    }

    /// Refuses operations for this long.
    async fn refuse_for(&mut self, wait: Duration) -> Served {
        let mut wait = pin!(sleep(wait));
        loop {
            tokio::select! {
                () = &mut wait => return Served::Disconnected,
                job = self.jobs.recv() => match job {
                    Some(job) => drop(job),
                    None => return Served::Done,
                }
            }
        }
    }
}

impl<T> Driver<T>
where
    T: MakeTlsConnect<Socket> + Clone + Send + 'static,
    T::Stream: TlsStream + Unpin + Send,
    T::TlsConnect: Send,
    <T::TlsConnect as tokio_postgres::tls::TlsConnect<Socket>>::Future: Send,
{
    /// Runs the driver on a thread of its own, for programs without tokio.
    ///
    /// # Errors
    ///
    /// Returns an error if the thread or its runtime cannot be started.
    pub fn on_thread(self) -> io::Result<thread::JoinHandle<()>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        thread::Builder::new().name("linq-postgres".into()).spawn(move || runtime.block_on(self.run()))
    }
}

enum Served {
    /// The store was dropped.
    Done,
    Disconnected,
}

impl Served {
    fn is_done(&self) -> bool {
        matches!(self, Self::Done)
    }
}

impl<T: MakeTlsConnect<Socket>> fmt::Debug for Driver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver").field("config", &self.config).finish_non_exhaustive()
    }
}
