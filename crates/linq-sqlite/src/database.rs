use std::{
    cell::RefCell,
    collections::{HashMap, hash_map::Entry},
};

use rusqlite::{Connection, Params, Result, Row, Statement};

/// A connection with the statements that were prepared on it.
pub(crate) struct Database<'c> {
    connection: &'c Connection,
    prepared: RefCell<HashMap<&'static str, Statement<'c>>>,
}

impl<'c> Database<'c> {
    pub(crate) fn new(connection: &'c Connection) -> Self {
        Self { connection, prepared: RefCell::default() }
    }

    /// Returns the number of rows that changed.
    pub(crate) fn execute(&self, sql: &'static str, values: impl Params) -> Result<usize> {
        self.with(sql, |statement| statement.execute(values))
    }

    /// Returns the number of the row that [`execute`](Self::execute) inserted last.
    pub(crate) fn last_row(&self) -> i64 {
        self.connection.last_insert_rowid()
    }

    pub(crate) fn exists(&self, sql: &'static str, values: impl Params) -> Result<bool> {
        self.with(sql, |statement| statement.exists(values))
    }

    pub(crate) fn row<T>(
        &self,
        sql: &'static str,
        values: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.with(sql, |statement| statement.query_row(values, read))
    }

    pub(crate) fn rows<T>(
        &self,
        sql: &'static str,
        values: impl Params,
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.with(sql, |statement| statement.query_map(values, read)?.collect())
    }

    /// Runs within a savepoint: what fails leaves no trace.
    pub(crate) fn savepoint<T>(&self, run: impl FnOnce() -> Result<T>) -> Result<T> {
        self.execute("savepoint operation", [])?;
        let result = run();
        if result.is_err() {
            self.execute("rollback to operation", [])?;
        }
        self.execute("release operation", [])?;
        result
    }

    fn with<T>(&self, sql: &'static str, run: impl FnOnce(&mut Statement<'c>) -> Result<T>) -> Result<T> {
        match self.prepared.borrow_mut().entry(sql) {
            Entry::Occupied(prepared) => run(prepared.into_mut()),
            Entry::Vacant(place) => run(place.insert(self.connection.prepare(sql)?)),
        }
    }
}
