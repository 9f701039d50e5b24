use linq_types::{
    IdempotencyKey,
    error::ErrorCode,
    messages::MessageContent,
    parts::{
        AppClipPart, Effect, EffectKind, IMessageAppLayout, LinkPart, MediaPart, Part, TextDecoration,
        TextPart, Utf16Range,
    },
};

use crate::error::ApiError;

const MAX_PARTS: usize = 100;
const MAX_URL_MEDIA: usize = 40;
const MAX_TEXT: usize = 10_000;
const MAX_LINK: usize = 2_048;
const MAX_STICKERS: usize = 100;
const MAX_STICKER_IMAGES: usize = 10;
const MAX_IDEMPOTENCY_KEY: usize = 255;

/// Refuses a message that the API would refuse whatever the chat.
pub(crate) fn check(message: &MessageContent) -> Result<(), ApiError> {
    check_envelope(message)?;
    let Some(parts) = message.parts.as_deref() else { return Ok(()) };
    require(!parts.is_empty(), "message.parts", "holds no part")?;
    require(parts.len() <= MAX_PARTS, "message.parts", "holds more than 100 parts")?;
    let by_url = parts.iter().filter(|part| matches!(part, Part::Media(media) if media.url.is_some()));
    require(by_url.count() <= MAX_URL_MEDIA, "message.parts", "holds more than 40 media parts with a `url`")?;
    let stands_alone = |part: &Part| matches!(part, Part::Link(_) | Part::IMessageApp(_) | Part::AppClip(_));
    require(
        parts.len() == 1 || !parts.iter().any(stands_alone),
        "message.parts",
        "a link, an app card and an App Clip must be the only part",
    )?;
    require(
        !parts.windows(2).any(|pair| matches!(pair, [Part::Text(_), Part::Text(_)])),
        "message.parts",
        "two text parts may not be neighbours",
    )?;
    parts.iter().enumerate().try_for_each(|(at, part)| check_part(&format!("message.parts[{at}]"), part))
}

fn check_envelope(message: &MessageContent) -> Result<(), ApiError> {
    match (&message.parts, &message.experience) {
        (None, None) => return Err(ApiError::missing("message.parts")),
        (Some(_), Some(_)) => {
            return Err(content("message", "has `parts` and `experience`, which exclude each other"));
        }
        (None, Some(_)) | (Some(_), None) => {}
    }
    check_key("message.idempotency_key", message.idempotency_key.as_ref())?;
    if let Some(service) = &message.preferred_service
        && matches!(service, linq_types::Service::Unknown(_))
    {
        return Err(parameter("message.preferred_service", "must be iMessage, RCS or SMS"));
    }
    if let Some(Effect { kind: Some(EffectKind::Unknown(_)), .. }) = &message.effect {
        return Err(parameter("message.effect.type", "must be screen or bubble"));
    }
    match &message.reply_to {
        Some(reply) if reply.message_id.is_none() => Err(ApiError::missing("message.reply_to.message_id")),
        _ => Ok(()),
    }
}

/// Refuses an idempotency key that is too long.
pub(crate) fn check_key(place: &str, key: Option<&IdempotencyKey>) -> Result<(), ApiError> {
    match key {
        Some(key) if key.as_str().chars().count() > MAX_IDEMPOTENCY_KEY => {
            Err(parameter(place, "is longer than 255 characters"))
        }
        _ => Ok(()),
    }
}

fn check_part(place: &str, part: &Part) -> Result<(), ApiError> {
    match part {
        Part::Text(text) => check_text(place, text),
        Part::Media(MediaPart { url, attachment_id, .. }) => {
            check_source(place, url.as_deref(), attachment_id.is_some())
        }
        Part::Link(LinkPart { value, .. }) => {
            require(value.chars().count() <= MAX_LINK, place, "the link is longer than 2,048 characters")?;
            require(is_web_address(value), place, "`value` must be an http or https address")
        }
        Part::AppClip(AppClipPart { value, .. }) => {
            require(is_web_address(value), place, "`value` must be an http or https address")
        }
        _ => Ok(()),
    }
}

fn check_text(place: &str, part: &TextPart) -> Result<(), ApiError> {
    require(!part.value.is_empty(), place, "the text is empty")?;
    require(part.value.chars().count() <= MAX_TEXT, place, "the text is longer than 10,000 characters")?;
    let length = part.value.encode_utf16().count();
    let fits = |range: Utf16Range| range.start < range.end && range.end as usize <= length;

    let decorations = part.text_decorations.as_deref().unwrap_or_default();
    for (at, TextDecoration { range, style, animation, .. }) in decorations.iter().enumerate() {
        let place = format!("{place}.text_decorations[{at}]");
        require(fits(*range), &place, "the range is empty or leaves the text")?;
        require(
            style.is_some() != animation.is_some(),
            &place,
            "must have exactly one of `style` and `animation`",
        )?;
        let others = decorations.iter().enumerate().filter(|(other, _)| *other != at);
        require(
            animation.is_none() || !others.into_iter().any(|(_, other)| overlap(*range, other.range)),
            &place,
            "an animation may not overlap another decoration",
        )?;
    }

    let stickers = part.inline_stickers.as_deref().unwrap_or_default();
    let sticker_place = format!("{place}.inline_stickers");
    require(stickers.len() <= MAX_STICKERS, &sticker_place, "holds more than 100 stickers")?;
    let mut images: Vec<_> = stickers.iter().map(|sticker| (&sticker.url, &sticker.attachment_id)).collect();
    images.sort();
    images.dedup();
    require(images.len() <= MAX_STICKER_IMAGES, &sticker_place, "uses more than 10 different images")?;
    require(
        stickers.is_empty() || part.mention.is_none(),
        &sticker_place,
        "stickers and a mention exclude each other",
    )?;
    for (at, sticker) in stickers.iter().enumerate() {
        let place = format!("{sticker_place}[{at}]");
        require(fits(sticker.range), &place, "the range is empty or leaves the text")?;
        check_source(&place, sticker.url.as_deref(), sticker.attachment_id.is_some())?;
        let decorated = decorations.iter().any(|decoration| overlap(sticker.range, decoration.range));
        let before = stickers.iter().take(at).any(|other| overlap(sticker.range, other.range));
        require(!decorated && !before, &place, "overlaps another sticker or a decoration")?;
    }
    match part.mention_range {
        Some(range) => require(fits(range), &format!("{place}.mention_range"), "is empty or leaves the text"),
        None => Ok(()),
    }
}

fn check_source(place: &str, url: Option<&str>, has_attachment: bool) -> Result<(), ApiError> {
    require(url.is_some() != has_attachment, place, "must have exactly one of `url` and `attachment_id`")?;
    match url {
        Some(url) if !url.starts_with("https://") => {
            Err(parameter(&format!("{place}.url"), "must be an https address"))
        }
        _ => Ok(()),
    }
}

/// Whether people see anything of an app card.
pub(crate) fn has_visible_field(layout: &IMessageAppLayout) -> bool {
    let fields = [
        &layout.caption,
        &layout.subcaption,
        &layout.trailing_caption,
        &layout.trailing_subcaption,
        &layout.image_title,
        &layout.image_subtitle,
        &layout.image_url,
    ];
    fields.into_iter().flatten().any(|field| !field.is_empty())
}

/// Whether there is a link in any part: a link part, or an address inside a text.
pub(crate) fn has_link(parts: &[Part]) -> bool {
    parts.iter().any(|part| match part {
        Part::Link(_) => true,
        Part::Text(text) => text.value.split_whitespace().any(|word| {
            let word = word.to_ascii_lowercase();
            word.contains("http://") || word.contains("https://") || word.starts_with("www.")
        }),
        _ => false,
    })
}

fn is_web_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn overlap(one: Utf16Range, other: Utf16Range) -> bool {
    one.start < other.end && other.start < one.end
}

fn require(holds: bool, place: &str, fault: &str) -> Result<(), ApiError> {
    if holds { Ok(()) } else { Err(content(place, fault)) }
}

fn content(place: &str, fault: &str) -> ApiError {
    ApiError::new(ErrorCode::INVALID_CONTENT, format!("`{place}`: {fault}"))
}

fn parameter(place: &str, fault: &str) -> ApiError {
    ApiError::new(ErrorCode::INVALID_PARAMETER, format!("`{place}`: {fault}"))
}
