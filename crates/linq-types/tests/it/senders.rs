//! Who caused an event, on which line, and whether in a group.

use std::collections::BTreeMap;

use linq_types::events::Event;

use super::data::folder;

/// Compares with what the JSON says at the places where the payloads have it.
#[test]
fn sender_line_and_group_are_those_of_the_payload() {
    let mut found = BTreeMap::new();
    for (file, body) in folder("events/v3-0.65.0").into_iter().filter(|(file, _)| file.ends_with(".max.json"))
    {
        let json: serde_json::Value = serde_json::from_str(&body).unwrap();
        let event = Event::parse_unverified(body).unwrap();
        let at = |paths: &[&str]| {
            paths.iter().find_map(|path| json["data"].pointer(path)?.as_str().map(str::to_owned))
        };
        let sender = at(&[
            "/sender_handle/handle",
            "/sender_handle",
            "/from_handle/handle",
            "/actor_handle/handle",
            "/changed_by_handle/handle",
            "/shared_by",
        ]);
        let line = at(&["/chat/owner_handle/handle", "/owner_handle", "/shared_with"]).or_else(|| {
            let is_of_line =
                ["phone_number.status_updated", "phone_number.assigned", "phone_number.released"]
                    .contains(&event.event_type.as_str());
            at(&["/phone_number"]).filter(|_| is_of_line)
        });
        let is_group = json["data"].pointer("/chat/is_group").and_then(serde_json::Value::as_bool);
        assert_eq!(event.data.sender().map(|handle| handle.as_str().to_owned()), sender, "{file}");
        assert_eq!(event.data.line().map(|handle| handle.as_str().to_owned()), line, "{file}");
        assert_eq!(event.data.is_group(), is_group, "{file}");
        found.insert(file, (sender.is_some(), line.is_some(), is_group.is_some()));
    }
    let count = |has: fn(&(bool, bool, bool)) -> bool| found.values().filter(|found| has(found)).count();
    let counts = (count(|found| found.0), count(|found| found.1), count(|found| found.2));
    assert!(counts.0 > 15 && counts.1 > 15 && counts.2 > 10, "{counts:?}");
}
