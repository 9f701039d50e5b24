//! One connection: how it is opened, and what is checked of its server.

use std::{collections::HashMap, sync::Arc, time::Duration};

use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ErrorKind, RedisError, ServerErrorKind,
    aio::MultiplexedConnection,
};
use tokio::{sync::Notify, time::timeout};

use crate::{
    Config, ConnectError,
    scripts::{self, LAYOUT},
};

/// How long the server may take to respond to the driver.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(5);

/// An open connection.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) connection: MultiplexedConnection,
    broken: Arc<Notify>,
}

/// A setting of the server with the only value that loses nothing.
struct Setting {
    name: &'static str,
    expected: &'static str,
    loss: &'static str,
}

const SETTINGS: [Setting; 4] = [
    Setting {
        name: "appendonly",
        expected: "yes",
        loss: "everything since the last snapshot is lost when the server ends",
    },
    Setting {
        name: "appendfsync",
        expected: "always",
        loss: "what was stored in the last seconds is lost when the machine crashes",
    },
    Setting {
        name: "no-appendfsync-on-rewrite",
        expected: "no",
        loss: "what was stored while the append-only file is rewritten is lost when the machine crashes",
    },
    Setting {
        name: "maxmemory-policy",
        expected: "noeviction",
        loss: "what was stored is deleted when memory is full",
    },
];

impl Link {
    /// Connects to the server, or to the node of its cluster that has the store, and checks it.
    pub(crate) async fn open(config: &Config) -> Result<Self, ConnectError> {
        match Self::open_at(&config.client, config).await {
            Err(OpenError::Moved(address)) => {
                let client = Client::open(config.client.get_connection_info().clone().set_addr(address))?;
                Self::open_at(&client, config).await.map_err(OpenError::into_error)
            }
            result => result.map_err(OpenError::into_error),
        }
    }

    async fn open_at(client: &Client, config: &Config) -> Result<Self, OpenError> {
        let settings = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(RESPONSE_TIMEOUT))
            // Operations need no runtime: the driver notices a server that does not respond.
            .set_response_timeout(None);
        let mut connection = client.get_multiplexed_async_connection_with_config(&settings).await?;
        let checked = timeout(RESPONSE_TIMEOUT, async {
            check_layout(&mut connection, config, client.get_connection_info().addr()).await?;
            if !config.allows_loss {
                check_settings(&mut connection).await?;
            }
            Ok::<_, OpenError>(())
        });
        checked.await.map_err(|_| ConnectError::Redis("the server does not respond".into()))??;
        Ok(Self { connection, broken: Arc::default() })
    }

    /// Makes the driver connect again if the error is one of the connection, or of a server that is not the right one any more.
    pub(crate) fn report(&self, error: &RedisError) {
        let is_elsewhere = matches!(
            error.kind(),
            ErrorKind::Server(
                ServerErrorKind::Ask
                    | ServerErrorKind::MasterDown
                    | ServerErrorKind::Moved
                    | ServerErrorKind::ReadOnly
            )
        );
        if is_elsewhere || error.is_io_error() {
            self.broken.notify_one();
        }
    }

    /// Completes when an operation has reported that the connection is broken.
    pub(crate) async fn broken(&self) {
        self.broken.notified().await;
    }

    /// Returns `true` if the server responds.
    pub(crate) async fn responds(&self) -> bool {
        let mut connection = self.connection.clone();
        let ping = redis::cmd("PING");
        let response = timeout(RESPONSE_TIMEOUT, ping.exec_async(&mut connection)).await;
        matches!(response, Ok(Ok(())))
    }
}

enum OpenError {
    /// Another node of the cluster has the store.
    Moved(ConnectionAddr),
    Other(ConnectError),
}

impl OpenError {
    fn into_error(self) -> ConnectError {
        match self {
            Self::Moved(address) => ConnectError::Redis(
                format!("the cluster moves the store; the last node was {address}").into(),
            ),
            Self::Other(error) => error,
        }
    }
}

impl<E: Into<ConnectError>> From<E> for OpenError {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

async fn check_layout(
    connection: &mut MultiplexedConnection,
    config: &Config,
    address: &ConnectionAddr,
) -> Result<(), OpenError> {
    let mut open = scripts::OPEN.key(config.prefix());
    let opened = open.arg("").arg(0).arg(LAYOUT).invoke_async::<u64>(connection).await;
    match opened {
        Ok(layout) if layout > LAYOUT => Err(ConnectError::NewerLayout(layout).into()),
        Ok(_) => Ok(()),
        Err(error) => match error.redirect_node().and_then(|(node, _)| at_node(address, node)) {
            Some(address) => Err(OpenError::Moved(address)),
            None => Err(error.into()),
        },
    }
}

/// Returns the address of another node. One without a host has the host of this one.
fn at_node(address: &ConnectionAddr, node: &str) -> Option<ConnectionAddr> {
    let (node_host, port) = node.rsplit_once(':')?;
    let port = port.parse().ok()?;
    let host_or = |host: &str| if node_host.is_empty() { host.to_owned() } else { node_host.to_owned() };
    match address {
        ConnectionAddr::Tcp(host, _) => Some(ConnectionAddr::Tcp(host_or(host), port)),
        ConnectionAddr::TcpTls { host, insecure, tls_params, .. } => Some(ConnectionAddr::TcpTls {
            host: host_or(host),
            port,
            insecure: *insecure,
            tls_params: tls_params.clone(),
        }),
        _ => None,
    }
}

async fn check_settings(connection: &mut MultiplexedConnection) -> Result<(), ConnectError> {
    let mut get = redis::cmd("CONFIG");
    get.arg("GET");
    for setting in &SETTINGS {
        get.arg(setting.name);
    }
    let found: HashMap<String, String> = match get.query_async(connection).await {
        Ok(found) => found,
        Err(error) if error.is_io_error() => return Err(error.into()),
        Err(error) => return Err(ConnectError::HiddenSettings(error.into())),
    };
    for &Setting { name, expected, loss } in &SETTINGS {
        match found.get(name) {
            Some(value) if value == expected => {}
            Some(value) => {
                return Err(ConnectError::LossySetting { name, value: value.clone(), expected, loss });
            }
            None => return Err(ConnectError::HiddenSettings(format!("it has no `{name}`").into())),
        }
    }
    Ok(())
}
