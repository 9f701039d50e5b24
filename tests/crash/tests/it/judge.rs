//! What the store promised and what came of it.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
};

use super::victim::Death;

/// The most details that are shown.
const DETAILS: usize = 10;

/// The counts of one run. The first four must be 0.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Accepted events that were not answered.
    pub(super) lost: usize,
    /// Answers beyond the first to an event.
    pub(super) doubled: usize,
    /// Answers that came after one to a later event of the chat.
    pub(super) disordered: usize,
    /// Handlers that began while another one of the same chat was running.
    pub(super) overlapping: usize,
    /// Times that an event was handled again: the process died before the event was settled.
    pub(super) again: usize,
    pub(super) accepted: usize,
    revived: usize,
    /// What was broken.
    details: Vec<String>,
}

impl Counts {
    pub(super) fn broken_promises(&self) -> usize {
        self.lost + self.doubled + self.disordered + self.overlapping
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} accepted: {} lost, {} doubled, {} out of order, {} at once, {} handled again, \
            {} killed in each attempt",
            self.accepted,
            self.lost,
            self.doubled,
            self.disordered,
            self.overlapping,
            self.again,
            self.revived
        )?;
        self.details.iter().take(DETAILS).try_for_each(|detail| write!(f, "\n  {detail}"))
    }
}

struct Line<'l> {
    /// `begin`, `end`, or `drop` for a handler that did not end.
    what: &'l str,
    chat: &'l str,
    id: &'l str,
    pid: u32,
}

fn lines(log: &str) -> Vec<Line<'_>> {
    log.lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            let what = words.next()?;
            Some(Line { what, chat: words.next()?, id: words.next()?, pid: words.next()?.parse().ok()? })
        })
        .collect()
}

/// Counts. `answers` has the events that were answered in each chat, in the order of the answers. The events in `revived` were
/// given up before, and their chats went on.
pub(super) fn judge(
    accepted: &BTreeMap<String, Vec<String>>,
    answers: &BTreeMap<String, Vec<String>>,
    revived: &HashSet<String>,
    log: &str,
    deaths: &[Death],
) -> Counts {
    let all = accepted.values().map(Vec::len).sum();
    let mut counts = Counts { accepted: all, revived: revived.len(), ..Counts::default() };
    count_handlers(&mut counts, log, deaths);
    for (chat, ids) in accepted {
        let expected = ids.iter().map(String::as_str).filter(|id| !is_poison(id));
        let rank: HashMap<_, _> = expected.clone().zip(0..).collect();
        let mut answered = HashSet::new();
        let mut last = None;
        for id in answers.get(chat).into_iter().flatten().map(String::as_str) {
            if !answered.insert(id) {
                counts.doubled += 1;
                counts.details.push(format!("{id} was answered again"));
            } else if let Some(rank) = rank.get(id).filter(|_| !revived.contains(id)) {
                if last > Some(rank) {
                    counts.disordered += 1;
                    counts.details.push(format!("{id} was answered too late"));
                }
                last = Some(rank);
            }
        }
        for id in expected.filter(|id| !answered.contains(id)) {
            counts.lost += 1;
            counts.details.push(format!("{id} was not answered"));
        }
    }
    counts
}

fn count_handlers(counts: &mut Counts, log: &str, deaths: &[Death]) {
    let mut deaths = deaths.to_vec();
    // For each chat, the handler that began last and did not end.
    let mut running: BTreeMap<&str, (usize, Line<'_>)> = BTreeMap::new();
    let mut ended = HashSet::new();
    for (at, line) in lines(log).into_iter().enumerate() {
        let before = running.get(line.chat);
        if line.what == "begin" {
            let is_dead = |began: usize, pid: u32| {
                deaths.iter().any(|death| death.pid == pid && (began + 1..=at).contains(&death.at_line))
            };
            if let Some((began, other)) = before.filter(|(began, other)| !is_dead(*began, other.pid)) {
                counts.overlapping += 1;
                let during = format!("{} of process {}, which began in line {began}", other.id, other.pid);
                counts
                    .details
                    .push(format!("line {at}: {} of process {} during {during}", line.id, line.pid));
            }
            // It dies at once, and is found dead later.
            if is_poison(line.id) {
                deaths.push(Death { pid: line.pid, at_line: at + 1 });
            }
            running.insert(line.chat, (at, line));
        } else {
            counts.again += usize::from(line.what == "end" && !ended.insert(line.id));
            if before.is_some_and(|(_, begun)| (begun.id, begun.pid) == (line.id, line.pid)) {
                running.remove(line.chat);
            }
        }
    }
}

pub(super) fn is_poison(id: &str) -> bool {
    id.starts_with("poison")
}

#[test]
fn the_judge_counts_answers_that_are_missing_doubled_or_out_of_order() {
    let of_chat =
        |ids: &[&str]| BTreeMap::from([("c".to_owned(), ids.iter().map(|id| (*id).to_owned()).collect())]);
    for (accepted, answers, expected) in [
        (&["a", "b"][..], &["a", "b"][..], [0, 0, 0]),
        (&["a", "b"], &["a"], [1, 0, 0]),
        (&["a", "b"], &["a", "a", "b"], [0, 1, 0]),
        (&["a", "b"], &["a", "b", "a"], [0, 1, 0]),
        (&["a", "b", "c"], &["a", "c", "b"], [0, 0, 1]),
        (&["a"], &["a", "b"], [0, 0, 0]),
        (&["poison-1", "a"], &["a"], [0, 0, 0]),
        (&["a"], &[], [1, 0, 0]),
    ] {
        let counts = judge(&of_chat(accepted), &of_chat(answers), &HashSet::new(), "", &[]);
        assert_eq!([counts.lost, counts.doubled, counts.disordered], expected, "{accepted:?} {answers:?}");
    }
}

#[test]
fn the_judge_counts_handlers_of_one_chat_at_the_same_time() {
    let dead = |at_line| Death { pid: 9, at_line };
    for (log, deaths, overlapping, again) in [
        ("begin c a 1\nend c a 1\nbegin c b 2\nend c b 2", &[][..], 0, 0),
        ("begin c a 1\nbegin c b 2\nend c a 1\nend c b 2", &[], 1, 0),
        ("begin c a 1\nbegin d b 1\nend c a 1\nend d b 1", &[], 0, 0),
        ("begin c a 1\nend c a 1\nbegin c a 2\nend c a 2", &[], 0, 1),
        ("begin c a 1\ndrop c a 1\nbegin c a 2\nend c a 2", &[], 0, 0),
        ("begin c a 9\nbegin c a 2\nend c a 2", &[dead(1)], 0, 0),
        ("begin c a 9\nbegin c a 2\nend c a 2", &[dead(2)], 1, 0),
        ("begin c a 8\nbegin c a 2\nend c a 2", &[dead(1)], 1, 0),
        // It was paused, and came back.
        ("begin d a 9\nbegin c b 9\nbegin c b 2\nend c b 9", &[dead(1)], 1, 0),
        ("begin c poison-1 1\nbegin c poison-1 2", &[], 0, 0),
        ("begin d a 1\nbegin c poison-1 1\nbegin d a 2", &[], 0, 0),
    ] {
        let counts = judge(&BTreeMap::new(), &BTreeMap::new(), &HashSet::new(), log, deaths);
        assert_eq!([counts.overlapping, counts.again], [overlapping, again], "{log}");
    }
}
