//! Recorded and invented payloads, through the public API alone.

#[cfg(test)]
mod it {
    mod conversions;
    mod data;
    mod drift;
    mod event_lists;
    mod formats;
    mod forward_compat;
    mod hostile;
    mod inbound_message;
    mod lists;
    mod message_view;
    mod one_pass;
    mod responses;
    mod senders;
    mod subject;
    mod surrogates;
    mod v3_payloads;
}
