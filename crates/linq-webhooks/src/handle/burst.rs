use linq_types::events::Event;

/// Splits a burst into the events that are handled one by one, and those of each handler of bursts. `handler_of` returns the
/// number of the handler of bursts that takes an event. The handlers are in the order of their first events.
pub fn split_burst(
    events: Vec<Event>,
    handler_of: impl Fn(&Event) -> Option<usize>,
) -> (Vec<Event>, Vec<(usize, Vec<Event>)>) {
    let mut one_by_one = Vec::new();
    let mut bursts: Vec<(usize, Vec<Event>)> = Vec::new();
    for event in events {
        match handler_of(&event) {
            None => one_by_one.push(event),
            Some(handler) => match bursts.iter_mut().find(|(earlier, _)| *earlier == handler) {
                Some((_, burst)) => burst.push(event),
                None => bursts.push((handler, vec![event])),
            },
        }
    }
    (one_by_one, bursts)
}
