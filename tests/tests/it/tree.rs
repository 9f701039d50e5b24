//! The dependency graph of a package, from `cargo tree`.

use std::collections::{BTreeMap, BTreeSet};

use super::workspace::cargo;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Krate {
    pub(super) name: String,
    pub(super) version: String,
}

/// The transitive dependencies of a package, without those for tests and build scripts.
#[derive(Debug, Default)]
pub(super) struct Tree {
    root: Option<Krate>,
    needs: BTreeMap<Krate, BTreeSet<Krate>>,
}

impl Tree {
    pub(super) fn of(package: &str, arguments: &[&str]) -> Self {
        let tree = ["tree", "-p", package, "-e", "normal", "--prefix", "depth"];
        Self::read(&cargo(&[&tree[..], arguments].concat()))
    }

    /// Reads lines such as `2http v1.4.0 (*)`: the depth, the name and the version.
    pub(super) fn read(lines: &str) -> Self {
        let mut tree = Self::default();
        let mut above = Vec::<Krate>::new();
        for line in lines.lines() {
            let name = line.trim_start_matches(|c: char| c.is_ascii_digit());
            let depth: usize = line[..line.len() - name.len()].parse().unwrap();
            let mut words = name.split_whitespace();
            let [Some(name), Some(version)] = [words.next(), words.next()] else { panic!("{line}") };
            let krate = Krate { name: name.to_owned(), version: version.to_owned() };
            tree.needs.entry(krate.clone()).or_default();
            above.truncate(depth);
            if let Some(needing) = above.last() {
                tree.needs.entry(needing.clone()).or_default().insert(krate.clone());
            } else {
                tree.root = Some(krate.clone());
            }
            above.push(krate);
        }
        tree
    }

    pub(super) fn crates(&self) -> BTreeSet<Krate> {
        self.needs.keys().cloned().collect()
    }

    /// Returns the third-party crate whose removal would remove the most crates, and their number, itself included.
    pub(super) fn heaviest(&self) -> (String, usize) {
        let of_others = self.needs.keys().filter(|krate| !krate.name.starts_with("linq-"));
        let brought = of_others.map(|krate| (krate.name.clone(), self.needs.len() - self.without(krate)));
        brought.rev().max_by_key(|&(_, count)| count).unwrap_or_default()
    }

    /// Returns the number of crates that would be left without this one.
    fn without(&self, left_out: &Krate) -> usize {
        let mut reached = BTreeSet::new();
        let mut next: Vec<_> = self.root.iter().collect();
        while let Some(krate) = next.pop() {
            if krate != left_out && reached.insert(krate) {
                next.extend(&self.needs[krate]);
            }
        }
        reached.len()
    }
}

#[test]
fn a_repeated_line_counts_once() {
    let tree = Tree::read("0linq-sdk v0.1.0 (/linq)\n1http v1.4.0\n2bytes v1.11.0\n1http v1.4.0 (*)\n");
    let names: Vec<_> = tree.crates().into_iter().map(|krate| krate.name).collect();
    assert_eq!(names, ["bytes", "http", "linq-sdk"]);
}

#[test]
fn the_heaviest_crate_is_the_one_whose_removal_saves_most() {
    let tree =
        Tree::read("0linq-sdk v0.1.0\n1a v1.0.0\n2b v1.0.0\n2c v1.0.0\n1d v1.0.0\n2c v1.0.0\n1e v1.0.0\n");
    assert_eq!(tree.heaviest(), ("a".to_owned(), 2));
}
