use std::{
    fmt,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use tokio::{select, sync::watch, time::sleep};

use crate::{Config, ConnectError, Store, link::Link};

/// The waits before attempts to connect again, up to the last one.
const BACKOFF: [Duration; 5] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];
/// How often the driver asks whether the server still responds.
const KEEP_ALIVE: Duration = Duration::from_secs(2);

/// The connection, or why there is none.
pub(crate) type State = Result<Link, Arc<str>>;

/// Connects to a server. Run the driver as long as the store is used. Needs tokio.
///
/// # Errors
///
/// Returns an error if the server cannot be reached, or can lose what was stored.
pub async fn connect(config: Config) -> Result<(Store, Driver), ConnectError> {
    if !config.has_valid_name() {
        return Err(ConnectError::InvalidName);
    }
    let link = Link::open(&config).await?;
    let (state, links) = watch::channel(Ok(link));
    let store = Store::new(links, &config);
    Ok((store, Driver { config, state }))
}

/// Connects to a server and runs the driver on a thread of its own, for programs without tokio. Blocks until the server has
/// responded.
///
/// The thread ends when all clones of the store are dropped.
///
/// # Errors
///
/// Returns an error if the server cannot be reached, or can lose what was stored, or if the thread cannot be started.
pub fn connect_on_thread(config: Config) -> Result<Store, ConnectError> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(ConnectError::Thread)?;
    let (sender, store) = mpsc::channel();
    let run = move || {
        runtime.block_on(async {
            match connect(config).await {
                Ok((store, driver)) => {
                    drop(sender.send(Ok(store)));
                    driver.run().await;
                }
                Err(error) => drop(sender.send(Err(error))),
            }
        });
    };
    thread::Builder::new().name("linq-redis".into()).spawn(run).map_err(ConnectError::Thread)?;
    store.recv().unwrap_or_else(|ended| Err(ConnectError::Redis(ended.into())))
}

/// Keeps the connection of a [`Store`] alive.
#[must_use = "a store fails when its connection is lost unless its driver runs"]
pub struct Driver {
    config: Config,
    state: watch::Sender<State>,
}

impl Driver {
    /// Runs until all clones of the store are dropped and their operations have ended.
    pub async fn run(self) {
        select! {
            () = self.state.closed() => {}
            () = self.keep_connected() => {}
        }
    }

    /// Connects whenever the connection is lost, for ever.
    async fn keep_connected(&self) {
        let mut failures = 0;
        loop {
            let link = self.state.borrow().as_ref().ok().cloned();
            if let Some(link) = link {
                watch_over(&link, &mut failures).await;
                drop(self.state.send_replace(Err("the connection was lost".into())));
            }
            sleep(BACKOFF[failures.min(BACKOFF.len() - 1)]).await;
            failures += 1;
            let opened = Link::open(&self.config).await;
            drop(self.state.send_replace(opened.map_err(|error| error.to_string().into())));
        }
    }
}

/// Completes when the connection is lost.
async fn watch_over(link: &Link, failures: &mut usize) {
    let keep_alive = async {
        sleep(KEEP_ALIVE).await;
        while link.responds().await {
            *failures = 0;
            sleep(KEEP_ALIVE).await;
        }
    };
    select! {
        () = link.broken() => {}
        () = keep_alive => {}
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver").field("config", &self.config).finish_non_exhaustive()
    }
}
