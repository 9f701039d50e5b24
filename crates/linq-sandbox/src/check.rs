//! Rejects what the API rejects of every request, whatever the chat, the line and the account: the rules of the SDK
//! ([`linq_types::check`]), and those that only the service checks.

use linq_types::{
    Handle, IdempotencyKey, Service,
    check::{Check as _, Rule, Violation},
    error::ErrorCode,
    messages::MessageContent,
    parts::{
        AppClipPart, Effect, EffectKind, IMessageAppLayout, LinkPart, MediaPart, Part, TextPart, Utf16Range,
    },
};

use crate::error::ApiError;

const MAX_STICKERS: usize = 100;
const MAX_STICKER_IMAGES: usize = 10;

/// Returns the error of the API for a broken rule.
pub(crate) fn rejection(violation: &Violation) -> ApiError {
    let code = match violation.rule {
        Rule::Handle => ErrorCode::INVALID_PHONE_NUMBER,
        Rule::IdempotencyKeyLength | Rule::IdempotencyKeyCharacters | Rule::FileName => {
            ErrorCode::INVALID_PARAMETER
        }
        Rule::FileSize => ErrorCode::FILE_TOO_LARGE,
        Rule::MediaType => ErrorCode::MEDIA_TYPE_NOT_ALLOWED,
        _ => ErrorCode::INVALID_CONTENT,
    };
    ApiError::new(code, violation.to_string())
}

/// Rejects what is neither a number in E.164 form nor an email address.
pub(crate) fn handle(field: &str, handle: &Handle) -> Result<(), ApiError> {
    handle.check().map_err(|_| invalid_number(field, handle))
}

pub(crate) fn handles(field: &str, handles: &[Handle]) -> Result<(), ApiError> {
    handles.iter().enumerate().try_for_each(|(at, one)| handle(&format!("{field}[{at}]"), one))
}

/// Rejects what is not a number in E.164 form.
pub(crate) fn phone_number(field: &str, number: &Handle) -> Result<(), ApiError> {
    if number.as_str().contains('@') { Err(invalid_number(field, number)) } else { handle(field, number) }
}

fn invalid_number(field: &str, handle: &Handle) -> ApiError {
    ApiError::new(
        ErrorCode::INVALID_PHONE_NUMBER,
        format!("`{field}`: `{handle}` is not a number in E.164 form, such as +12025550199"),
    )
}

/// Rejects an idempotency key that is empty or too long.
pub(crate) fn idempotency_key(place: &str, key: Option<&IdempotencyKey>) -> Result<(), ApiError> {
    if key.is_some_and(|key| key.as_str().trim().is_empty()) {
        return Err(parameter(place, "must not be empty"));
    }
    key.map_or(Ok(()), IdempotencyKey::check).map_err(|violation| rejection(&violation.within(place)))
}

/// Rejects a message that the API would reject in any chat.
pub(crate) fn message(message: &MessageContent) -> Result<(), ApiError> {
    if message.parts.is_none() && message.experience.is_none() {
        return Err(ApiError::missing("message.parts"));
    }
    if matches!(message.preferred_service, Some(Service::Unknown(_))) {
        return Err(parameter("message.preferred_service", "must be iMessage, RCS or SMS"));
    }
    if let Some(Effect { kind: Some(EffectKind::Unknown(_)), .. }) = &message.effect {
        return Err(parameter("message.effect.type", "must be screen or bubble"));
    }
    if message.reply_to.as_ref().is_some_and(|reply| reply.message_id.is_none()) {
        return Err(ApiError::missing("message.reply_to.message_id"));
    }
    idempotency_key("message.idempotency_key", message.idempotency_key.as_ref())?;
    match message.check() {
        // The chat decides whom a mention may name.
        Ok(()) | Err(Violation { rule: Rule::Handle, .. }) => {}
        Err(violation) => return Err(rejection(&violation.within("message"))),
    }
    let parts = message.parts.iter().flatten().enumerate();
    parts.into_iter().try_for_each(|(at, one)| part(&format!("message.parts[{at}]"), one))
}

fn part(place: &str, part: &Part) -> Result<(), ApiError> {
    match part {
        Part::Text(part) => text(place, part),
        Part::Media(MediaPart { url, .. }) => https(place, url.as_deref()),
        Part::Link(LinkPart { value, .. }) | Part::AppClip(AppClipPart { value, .. }) => {
            let is_web_address = value.starts_with("https://") || value.starts_with("http://");
            require(is_web_address, place, "`value` must be an http or https address")
        }
        _ => Ok(()),
    }
}

fn text(place: &str, part: &TextPart) -> Result<(), ApiError> {
    let decorations = part.text_decorations.as_deref().unwrap_or_default();
    let stickers = part.inline_stickers.as_deref().unwrap_or_default();
    let place = format!("{place}.inline_stickers");
    require(stickers.len() <= MAX_STICKERS, &place, "holds more than 100 stickers")?;
    let mut images: Vec<_> = stickers.iter().map(|sticker| (&sticker.url, &sticker.attachment_id)).collect();
    images.sort();
    images.dedup();
    require(images.len() <= MAX_STICKER_IMAGES, &place, "uses more than 10 different images")?;
    require(
        stickers.is_empty() || part.mention.is_none(),
        &place,
        "stickers and a mention exclude each other",
    )?;
    for (at, sticker) in stickers.iter().enumerate() {
        let place = format!("{place}[{at}]");
        https(&place, sticker.url.as_deref())?;
        let decorated = decorations.iter().any(|decoration| overlap(sticker.range, decoration.range));
        let before = stickers.iter().take(at).any(|other| overlap(sticker.range, other.range));
        require(!decorated && !before, &place, "overlaps another sticker or a decoration")?;
    }
    Ok(())
}

fn https(place: &str, url: Option<&str>) -> Result<(), ApiError> {
    match url {
        Some(url) if !url.starts_with("https://") => {
            Err(parameter(&format!("{place}.url"), "must be an https address"))
        }
        _ => Ok(()),
    }
}

/// Returns `true` if people see anything of an app card.
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

/// Returns `true` if any part has a link: a link part, or an address inside a text.
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

fn overlap(one: Utf16Range, other: Utf16Range) -> bool {
    one.start < other.end && other.start < one.end
}

fn require(holds: bool, place: &str, fault: &str) -> Result<(), ApiError> {
    if holds {
        return Ok(());
    }
    Err(ApiError::new(ErrorCode::INVALID_CONTENT, format!("`{place}`: {fault}")))
}

fn parameter(place: &str, fault: &str) -> ApiError {
    ApiError::invalid(format!("`{place}`: {fault}"))
}
