//! Values that know when they last changed, so that a page asks for the changes only.

use std::{
    borrow::Borrow,
    collections::{HashMap, VecDeque},
    hash::Hash,
    ops::{Deref, DerefMut},
};

/// A value with a revision that increases at each mutable access.
#[derive(Debug, Default)]
pub(crate) struct Versioned<T> {
    value: T,
    revision: u64,
}

impl<T> Versioned<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { value, revision: 0 }
    }

    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }
}

impl<T> Deref for Versioned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Versioned<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.revision += 1;
        &mut self.value
    }
}

/// A map that stamps each value with the revision of its last mutable access. It remembers the order of the newest `RECENT`
/// changes, so that these are found without visiting the other values.
#[derive(Debug)]
pub(crate) struct Tracked<K, V, const RECENT: usize> {
    entries: HashMap<K, Entry<V>>,
    changes: Changes<K, RECENT>,
}

#[derive(Debug)]
struct Entry<V> {
    revision: u64,
    value: V,
}

#[derive(Debug)]
struct Changes<K, const RECENT: usize> {
    revision: u64,
    /// The newest changes, oldest first.
    recent: VecDeque<(u64, K)>,
    /// The revision of the newest change that is not in `recent`.
    forgotten: u64,
}

impl<K: Borrow<str> + for<'a> From<&'a str>, const RECENT: usize> Changes<K, RECENT> {
    /// Returns the revision of a change that happens now.
    fn stamp(&mut self, key: &str) -> u64 {
        self.revision += 1;
        match self.recent.back_mut() {
            _ if RECENT == 0 => {}
            Some((revision, last)) if (*last).borrow() == key => *revision = self.revision,
            _ => {
                if self.recent.len() == RECENT
                    && let Some((revision, _)) = self.recent.pop_front()
                {
                    self.forgotten = revision;
                }
                self.recent.push_back((self.revision, key.into()));
            }
        }
        self.revision
    }
}

impl<K, V, const RECENT: usize> Default for Tracked<K, V, RECENT> {
    fn default() -> Self {
        let changes = Changes { revision: 0, recent: VecDeque::new(), forgotten: 0 };
        Self { entries: HashMap::new(), changes }
    }
}

impl<K, V, const RECENT: usize> Tracked<K, V, RECENT>
where
    K: Borrow<str> + Clone + Eq + Hash + for<'a> From<&'a str>,
{
    /// Returns the revision of the newest change.
    pub(crate) fn revision(&self) -> u64 {
        self.changes.revision
    }

    pub(crate) fn get(&self, key: impl AsRef<str>) -> Option<&V> {
        self.entries.get(key.as_ref()).map(|entry| &entry.value)
    }

    /// Returns the value if it changed after this revision.
    pub(crate) fn get_changed(&self, key: impl AsRef<str>, since: u64) -> Option<&V> {
        let changed = self.entries.get(key.as_ref()).filter(|entry| entry.revision > since);
        changed.map(|entry| &entry.value)
    }

    pub(crate) fn get_mut(&mut self, key: impl AsRef<str>) -> Option<&mut V> {
        let entry = self.entries.get_mut(key.as_ref())?;
        entry.revision = self.changes.stamp(key.as_ref());
        Some(&mut entry.value)
    }

    pub(crate) fn get_or_default(&mut self, key: &K) -> &mut V
    where
        V: Default,
    {
        let revision = self.changes.stamp(key.borrow());
        let entry =
            self.entries.entry(key.clone()).or_insert_with(|| Entry { revision, value: V::default() });
        entry.revision = revision;
        &mut entry.value
    }

    /// Inserts or replaces a value.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        let revision = self.changes.stamp(key.borrow());
        self.entries.insert(key, Entry { revision, value });
    }

    pub(crate) fn remove(&mut self, key: impl AsRef<str>) -> Option<V> {
        let removed = self.entries.remove(key.as_ref())?;
        self.changes.revision += 1;
        Some(removed.value)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.entries.values().map(|entry| &entry.value)
    }

    /// Returns the values that changed after this revision with their keys: the newest `most` changes, newest first.
    pub(crate) fn changed(&self, since: u64, most: usize) -> Vec<(&K, &V)> {
        if RECENT > 0 && since >= self.changes.forgotten {
            // A value that changed several times counts where it changed last.
            let newest = self.changes.recent.iter().rev().take_while(|(revision, _)| *revision > since);
            let found = newest.filter_map(|(revision, key)| {
                let (key, entry) = self.entries.get_key_value(key.borrow())?;
                (entry.revision == *revision).then_some((key, &entry.value))
            });
            return found.take(most).collect();
        }
        let mut changed: Vec<_> = self.entries.iter().filter(|(_, entry)| entry.revision > since).collect();
        changed.sort_unstable_by_key(|(_, entry)| std::cmp::Reverse(entry.revision));
        changed.truncate(most);
        changed.into_iter().map(|(key, entry)| (key, &entry.value)).collect()
    }
}

#[cfg(test)]
mod tests {
    use linq_types::ChatId;

    use super::*;

    fn keys<const RECENT: usize>(
        tracked: &Tracked<ChatId, u32, RECENT>,
        since: u64,
        most: usize,
    ) -> Vec<&str> {
        tracked.changed(since, most).into_iter().map(|(key, _)| key.as_str()).collect()
    }

    fn changes_are_found<const RECENT: usize>() {
        let mut tracked = Tracked::<ChatId, u32, RECENT>::default();
        for key in ["a", "b", "c", "d"] {
            tracked.insert(key.into(), 0);
        }
        assert_eq!(keys(&tracked, 0, 9), ["d", "c", "b", "a"]);
        let since = tracked.revision();
        assert!(keys(&tracked, since, 9).is_empty());
        for key in ["b", "a", "b", "b"] {
            *tracked.get_mut(key).unwrap() += 1;
        }
        assert_eq!(keys(&tracked, since, 9), ["b", "a"]);
        assert_eq!(keys(&tracked, since, 1), ["b"]);
        assert_eq!(keys(&tracked, 0, 9), ["b", "a", "d", "c"]);
        assert_eq!((tracked.get_changed("a", since), tracked.get_changed("c", since)), (Some(&1), None));
        tracked.remove("b");
        assert_eq!(keys(&tracked, since, 9), ["a"]);
        assert!(tracked.get_mut("b").is_none());
    }

    #[test]
    fn changes_are_found_however_many_are_remembered() {
        changes_are_found::<0>();
        changes_are_found::<2>();
        changes_are_found::<100>();
    }

    #[test]
    fn a_mutable_access_is_a_new_revision() {
        let mut lines = Versioned::new(vec![1, 2]);
        assert_eq!(lines.iter().sum::<i32>(), 3);
        assert_eq!(lines.revision(), 0);
        lines.iter_mut().for_each(|line| *line += 1);
        assert_eq!((lines.revision(), lines.as_slice()), (1, &[2, 3][..]));
    }
}
