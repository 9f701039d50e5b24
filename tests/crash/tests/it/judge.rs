//! What the store promised and what came of it.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
};

use super::victim::Death;

/// The counts of one run. All but `again` must be 0.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Accepted events that were never handled to the end.
    pub(super) lost: usize,
    /// Events whose first end came before that of an earlier one of their chat.
    pub(super) disordered: usize,
    /// Handlers that began while another one of the same chat was running.
    pub(super) overlapping: usize,
    /// Ends beyond the first of an event: the process died before the event was settled.
    pub(super) again: usize,
    pub(super) accepted: usize,
}

impl Counts {
    pub(super) fn broken_promises(&self) -> usize {
        self.lost + self.disordered + self.overlapping
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} accepted: {} lost, {} out of order, {} at once, {} handled again",
            self.accepted, self.lost, self.disordered, self.overlapping, self.again
        )
    }
}

struct Line<'l> {
    begins: bool,
    chat: &'l str,
    id: &'l str,
    pid: u32,
}

fn lines(log: &str) -> Vec<Line<'_>> {
    log.lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            let begins = words.next()? == "begin";
            Some(Line { begins, chat: words.next()?, id: words.next()?, pid: words.next()?.parse().ok()? })
        })
        .collect()
}

pub(super) fn judge(accepted: &BTreeMap<String, Vec<String>>, log: &str, deaths: &[Death]) -> Counts {
    let lines = lines(log);
    let mut counts = Counts { accepted: accepted.values().map(Vec::len).sum(), ..Counts::default() };
    let mut ends: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    // For each chat, the handler that is running: the event and the process.
    let mut running: BTreeMap<&str, (&str, u32)> = BTreeMap::new();
    let mut poisoned = HashSet::new();
    for (at, line) in lines.iter().enumerate() {
        if line.begins {
            let is_dead = |pid| {
                poisoned.contains(&pid) || deaths.iter().any(|death| death.pid == pid && death.at_line <= at)
            };
            if running.get(line.chat).is_some_and(|(_, pid)| !is_dead(*pid)) {
                counts.overlapping += 1;
            }
            running.insert(line.chat, (line.id, line.pid));
            // It dies at once, and is found dead later.
            if is_poison(line.id) {
                poisoned.insert(line.pid);
            }
        } else {
            if running.get(line.chat) == Some(&(line.id, line.pid)) {
                running.remove(line.chat);
            }
            ends.entry(line.chat).or_default().push(line.id);
        }
    }
    for (chat, ids) in accepted {
        let expected = ids.iter().map(String::as_str).filter(|id| !is_poison(id));
        let rank: HashMap<_, _> = expected.clone().zip(0..).collect();
        let mut ended = HashSet::new();
        let mut last = None;
        for id in ends.remove(chat.as_str()).unwrap_or_default() {
            if !ended.insert(id) {
                counts.again += 1;
            } else if let Some(rank) = rank.get(id) {
                counts.disordered += usize::from(last > Some(rank));
                last = Some(rank);
            }
        }
        counts.lost += expected.filter(|id| !ended.contains(id)).count();
    }
    counts
}

fn is_poison(id: &str) -> bool {
    id.starts_with("poison")
}

#[test]
fn the_judge_counts_each_kind_of_broken_promise() {
    let accepted = |ids: &[&str]| {
        BTreeMap::from([("c".to_owned(), ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>())])
    };
    let dead = [Death { pid: 9, at_line: 1 }];
    for (ids, log, deaths, expected) in [
        (&["a", "b"][..], "begin c a 1\nend c a 1\nbegin c b 1\nend c b 1", &[][..], [0, 0, 0, 0]),
        (&["a", "b"], "begin c a 1\nend c a 1", &[], [1, 0, 0, 0]),
        (&["a", "b"], "begin c b 1\nend c b 1\nbegin c a 1\nend c a 1", &[], [0, 1, 0, 0]),
        (&["a", "b"], "begin c a 1\nbegin c b 2\nend c a 1\nend c b 2", &[], [0, 0, 1, 0]),
        (&["a"], "begin c a 9\nbegin c a 2\nend c a 2", &dead, [0, 0, 0, 0]),
        (&["a"], "begin c a 8\nbegin c a 2\nend c a 2", &dead, [0, 0, 1, 0]),
        (&["a"], "begin c a 1\nend c a 1\nbegin c a 2\nend c a 2", &[], [0, 0, 0, 1]),
        (&["poison-1", "b"], "begin c b 1\nend c b 1", &[], [0, 0, 0, 0]),
        (&["poison-1"], "begin c poison-1 1\nbegin c poison-1 2", &[], [0, 0, 0, 0]),
        (&["poison-1"], "begin c poison-1 1\nbegin c poison-1 1", &[], [0, 0, 0, 0]),
    ] {
        let counts = judge(&accepted(ids), log, deaths);
        assert_eq!([counts.lost, counts.disordered, counts.overlapping, counts.again], expected, "{log}");
    }
}
