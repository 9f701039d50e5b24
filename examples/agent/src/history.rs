//! The turns of each chat, in a table beside those of the inbox and the outbox.

use std::{path::Path, sync::Mutex};

use anyhow::Result;
use linq::{sqlite::rusqlite::Connection, types::ChatId};

use crate::model::Turn;

pub struct History(Mutex<Connection>);

impl History {
    pub fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection
            .execute("create table if not exists turn (key text primary key, chat text, turn text)", ())?;
        Ok(Self(Mutex::new(connection)))
    }

    /// Records the turn with this key, unless it is recorded.
    pub fn record(&self, key: &str, chat: &ChatId, turn: &Turn) -> Result<()> {
        let row = (key, chat.as_str(), serde_json::to_string(turn)?);
        let connection = self.0.lock().expect("queries do not panic");
        connection.execute("insert or ignore into turn values (?, ?, ?)", row)?;
        Ok(())
    }

    /// Returns the turn with this key.
    pub fn turn(&self, key: &str) -> Result<Option<Turn>> {
        Ok(self.select("key = ?", key)?.pop())
    }

    /// Returns the last 20 turns of a chat, oldest first.
    pub fn turns(&self, chat: &ChatId) -> Result<Vec<Turn>> {
        self.select("chat = ?", chat.as_str())
    }

    fn select(&self, condition: &str, value: &str) -> Result<Vec<Turn>> {
        let last = format!("select rowid as at, turn from turn where {condition} order by at desc limit 20");
        let connection = self.0.lock().expect("queries do not panic");
        let mut query = connection.prepare(&format!("select turn from ({last}) order by at"))?;
        let turns = query.query_map([value], |row| row.get::<_, String>(0))?;
        turns.map(|turn| Ok(serde_json::from_str(&turn?)?)).collect()
    }
}
