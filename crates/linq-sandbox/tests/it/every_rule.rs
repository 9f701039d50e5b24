//! The API's rules are numbered; a test about one begins with its number: `rule_18_...`.

use std::{collections::BTreeSet, fs, path::Path};

fn tested_rules() -> BTreeSet<u32> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/rules");
    let files = fs::read_dir(folder).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    let number = |line: &str| {
        let name = line.trim_start().strip_prefix("async fn rule_")?;
        name.split('_').next()?.parse().ok()
    };
    files.flat_map(|source| source.lines().filter_map(number).collect::<Vec<_>>()).collect()
}

#[test]
fn each_of_the_55_rules_has_a_test() {
    assert_eq!(tested_rules(), (1..=55).collect());
}
