use super::{Check, Rule, Violation, field, require};
use crate::{
    messages::MessageContent,
    parts::{MediaPart, Part},
};

const MAX_PARTS: usize = 100;
const MAX_URL_MEDIA: usize = 40;

impl Check for MessageContent {
    fn check(&self) -> Result<(), Violation> {
        require(self.parts.is_none() || self.experience.is_none(), Rule::PartsOrExperience, "")?;
        field("idempotency_key", &self.idempotency_key)?;
        let Some(parts) = &self.parts else { return Ok(()) };
        check_combination(parts)?;
        field("parts", parts)
    }
}

impl MessageContent {
    /// Checks the rules of the first message of a new chat: no link, no URL in a text, no effect and no reply.
    ///
    /// The API applies them when `POST /v3/chats` creates a chat, and not when it finds one. [`Check::check`] leaves them out,
    /// because only the API knows which of the two it will be.
    ///
    /// # Errors
    ///
    /// Returns an error if a rule is violated: the first such rule and its path.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_types as types; }
    /// use linq::types::{check::Rule, messages::MessageContent, parts::Effect};
    ///
    /// assert_eq!(MessageContent::from("Hello!").check_first(), Ok(()));
    /// let violation = MessageContent::from("See https://example.com").check_first().unwrap_err();
    /// assert_eq!((violation.rule, violation.path.as_str()), (Rule::FirstMessageLink, "parts[0]"));
    /// ```
    pub fn check_first(&self) -> Result<(), Violation> {
        if let Some(at) = self.parts.iter().flatten().position(has_link) {
            return Err(Violation::new(Rule::FirstMessageLink).within(&format!("parts[{at}]")));
        }
        require(self.effect.is_none(), Rule::FirstMessageEffect, "effect")?;
        require(self.reply_to.is_none(), Rule::FirstMessageReply, "reply_to")
    }
}

fn has_link(part: &Part) -> bool {
    match part {
        Part::Link(_) => true,
        Part::Text(text) => text.value.split_whitespace().any(|word| {
            let word = word.to_ascii_lowercase();
            word.contains("http://") || word.contains("https://") || word.starts_with("www.")
        }),
        _ => false,
    }
}

/// Checks which parts are combined.
fn check_combination(parts: &[Part]) -> Result<(), Violation> {
    require((1..=MAX_PARTS).contains(&parts.len()), Rule::PartCount, "parts")?;
    let by_url = parts.iter().filter(|part| matches!(part, Part::Media(MediaPart { url: Some(_), .. })));
    require(by_url.count() <= MAX_URL_MEDIA, Rule::UrlMediaCount, "parts")?;
    if parts.len() > 1
        && let Some(at) = parts.iter().position(must_be_only_part)
    {
        return Err(Violation::new(Rule::OnlyPart).within(&format!("parts[{at}]")));
    }
    let adjacent = parts.windows(2).position(|pair| matches!(pair, [Part::Text(_), Part::Text(_)]));
    match adjacent {
        Some(at) => Err(Violation::new(Rule::AdjacentTexts).within(&format!("parts[{}]", at + 1))),
        None => Ok(()),
    }
}

fn must_be_only_part(part: &Part) -> bool {
    matches!(part, Part::Link(_) | Part::IMessageApp(_) | Part::AppClip(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        MessageId,
        chats::NewChat,
        messages::{NewChatMessage, NewMessage},
        parts::{AppClipPart, Effect, IMessageApp, IMessageAppLayout, IMessageAppPart, RunExperience},
    };

    fn media(count: usize) -> impl Iterator<Item = Part> {
        (0..count).map(|at| Part::media_url(format!("https://example.com/{at}.jpg")))
    }

    fn files(count: usize) -> impl Iterator<Item = Part> {
        (0..count).map(|at| Part::attachment(format!("file {at}")))
    }

    fn app_card() -> Part {
        IMessageAppPart::new(IMessageApp::new("b", "n", "t"), IMessageAppLayout::new()).into()
    }

    fn app_clip() -> Part {
        AppClipPart::new("https://example.com").into()
    }

    fn link() -> Part {
        Part::link("https://example.com")
    }

    fn experience() -> MessageContent {
        MessageContent::from_experience(RunExperience::new("link", "open"))
    }

    #[test]
    fn messages_within_the_rules_pass() {
        for message in [
            "Hello!".into(),
            MessageContent::default(),
            experience(),
            MessageContent::new(files(100)),
            MessageContent::new(media(40).chain(files(60))),
            MessageContent::new([Part::text("a"), Part::attachment("b"), Part::text("c")]),
            link().into(),
            app_card().into(),
            app_clip().into(),
            MessageContent::from("a").idempotency_key("k".repeat(255)),
        ] {
            assert_eq!(message.check(), Ok(()), "{message:?}");
        }
    }

    #[test]
    fn a_message_that_violates_a_rule_is_rejected_with_the_rule_and_the_path() {
        for (message, rule, path) in [
            (MessageContent::new([]), Rule::PartCount, "parts"),
            (MessageContent::new(files(101)), Rule::PartCount, "parts"),
            (MessageContent::new(media(41)), Rule::UrlMediaCount, "parts"),
            (MessageContent::new([Part::text("a"), link()]), Rule::OnlyPart, "parts[1]"),
            (MessageContent::new([app_card(), Part::text("a")]), Rule::OnlyPart, "parts[0]"),
            (MessageContent::new([Part::text("a"), app_clip()]), Rule::OnlyPart, "parts[1]"),
            (MessageContent::new([link(), link()]), Rule::OnlyPart, "parts[0]"),
            (MessageContent::new(["a", "b"].map(Part::text)), Rule::AdjacentTexts, "parts[1]"),
            (MessageContent { parts: Some(vec![link()]), ..experience() }, Rule::PartsOrExperience, ""),
            (
                MessageContent::from("a").idempotency_key("k".repeat(256)),
                Rule::IdempotencyKeyLength,
                "idempotency_key",
            ),
            (
                MessageContent::new([Part::attachment("a"), Part::text("")]),
                Rule::TextLength,
                "parts[1].value",
            ),
        ] {
            assert_eq!(message.check(), Err(Violation { rule, path: path.into() }), "{message:?}");
        }
    }

    #[test]
    fn the_first_message_of_a_chat_has_rules_of_its_own() {
        for message in
            ["Hello!".into(), MessageContent::new(files(3)), app_card().into(), "http is short".into()]
        {
            assert_eq!(message.check_first(), Ok(()), "{message:?}");
        }
        for (message, rule, path) in [
            (link().into(), Rule::FirstMessageLink, "parts[0]"),
            (
                MessageContent::new([Part::attachment("a"), Part::text("see HTTPS://example.com")]),
                Rule::FirstMessageLink,
                "parts[1]",
            ),
            ("(http://example.com)".into(), Rule::FirstMessageLink, "parts[0]"),
            ("www.example.com".into(), Rule::FirstMessageLink, "parts[0]"),
            (MessageContent::from("a").effect(Effect::CONFETTI), Rule::FirstMessageEffect, "effect"),
            (MessageContent::from("a").reply_to(MessageId::from("m1")), Rule::FirstMessageReply, "reply_to"),
        ] {
            assert_eq!(message.check(), Ok(()), "{message:?}");
            assert_eq!(message.check_first(), Err(Violation { rule, path: path.into() }), "{message:?}");
        }
    }

    #[test]
    fn the_path_starts_at_the_top_of_the_body() {
        let (number, wrong) = ("+12025550100", "202-555-0199");
        for (checked, rule, path) in [
            (NewChat::new(wrong, [number], "a").check(), Rule::Handle, "from"),
            (NewChat::new(number, [number, wrong], "a").check(), Rule::Handle, "to[1]"),
            (NewChat::new(number, [number], "").check(), Rule::TextLength, "message.parts[0].value"),
            (NewMessage::new([wrong], "a").check(), Rule::Handle, "to[0]"),
            (NewMessage::new([number], "").check(), Rule::TextLength, "message.parts[0].value"),
            (NewMessage::new([number], "a").exclude_from([wrong]).check(), Rule::Handle, "exclude_from[0]"),
            (NewChatMessage::new("").check(), Rule::TextLength, "message.parts[0].value"),
        ] {
            assert_eq!(checked, Err(Violation { rule, path: path.into() }));
        }
        assert_eq!(NewChat::new(number, ["casey@example.com"], "a").check(), Ok(()));
        assert_eq!(NewMessage::new([number], "a").exclude_from([number]).check(), Ok(()));
    }
}
