use std::{error::Error, fmt, io};

use redis::RedisError;

/// The error of [`connect`](crate::connect).
#[derive(Debug)]
#[non_exhaustive]
pub enum ConnectError {
    /// The name of the store has other characters than letters, digits, underscores and hyphens, or none.
    InvalidName,
    /// The server has a setting with which it can lose what was stored.
    #[non_exhaustive]
    LossySetting {
        /// The name of the setting.
        name: &'static str,
        /// Its value.
        value: String,
        /// The value that loses nothing.
        expected: &'static str,
        /// What can be lost, and when.
        loss: &'static str,
    },
    /// The server does not show its settings, so that it can lose what was stored for all that is known.
    HiddenSettings(Box<dyn Error + Send + Sync>),
    /// The store on the server was written by a newer version of this crate, whose layout has this number.
    NewerLayout(u64),
    /// The server cannot be reached, or refused the connection.
    Redis(Box<dyn Error + Send + Sync>),
    /// The thread of [`connect_on_thread`](crate::connect_on_thread) cannot be started.
    Thread(io::Error),
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidName => {
                f.write_str("invalid name of the store: expected letters, digits, underscores and hyphens")
            }
            Self::LossySetting { name, value, expected, loss } => write!(
                f,
                "the server has `{name} {value}`, so that {loss}; set it to `{expected}`, or call `Config::allow_loss`"
            ),
            Self::HiddenSettings(error) => write!(
                f,
                "cannot read the settings of the server, so that it may lose what was stored: {error}; allow the user \
                 `CONFIG GET`, or call `Config::allow_loss`"
            ),
            Self::NewerLayout(version) => write!(
                f,
                "the store has the layout {version}, newer than {}, which this version knows; upgrade linq-redis",
                crate::scripts::LAYOUT
            ),
            Self::Redis(error) => write!(f, "cannot connect to Redis: {error}"),
            Self::Thread(error) => write!(f, "cannot start the thread of the connection: {error}"),
        }
    }
}

impl Error for ConnectError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::HiddenSettings(error) | Self::Redis(error) => Some(&**error),
            Self::Thread(error) => Some(error),
            Self::InvalidName | Self::LossySetting { .. } | Self::NewerLayout(_) => None,
        }
    }
}

impl From<RedisError> for ConnectError {
    fn from(error: RedisError) -> Self {
        Self::Redis(error.into())
    }
}
