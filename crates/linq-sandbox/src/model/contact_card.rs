/// The contact card of a line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Card {
    pub(crate) id: String,
    pub(crate) first_name: String,
    pub(crate) last_name: Option<String>,
    pub(crate) image_url: Option<String>,
}

/// The contact card that a person sends.
pub(crate) struct ReceivedCard<'a> {
    pub(crate) first_name: &'a str,
    pub(crate) last_name: &'a str,
    pub(crate) media_url: Option<String>,
}
