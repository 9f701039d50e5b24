use linq_types::{
    TraceId,
    backgrounds::{Background, BackgroundStyle, BackgroundType},
    error::ErrorCode,
};

use super::Store;
use crate::{clock::Moment, error::ApiError, model::Change};

const PICTURES: [&str; 5] = ["jpg", "jpeg", "png", "heic", "webp"];

impl Store {
    /// Sets or removes the background of a chat. Requires iMessage.
    pub(crate) fn set_background(
        &mut self,
        now: Moment,
        chat_id: &str,
        background: Option<Background>,
        trace_id: &TraceId,
    ) -> Result<(), ApiError> {
        self.active_chat(chat_id)?.check_imessage()?;
        if let Some(background) = &background {
            check(background)?;
        }
        self.queue_change(now, chat_id, Change::Background(background), trace_id)
    }
}

fn check(background: &Background) -> Result<(), ApiError> {
    match background.kind {
        BackgroundType::Color => check_color(background),
        BackgroundType::Dynamic => check_dynamic(background),
        BackgroundType::Photo => check_photo(background),
        _ => Err(ApiError::invalid("`type` must be color, dynamic or photo")),
    }
}

fn check_color(background: &Background) -> Result<(), ApiError> {
    let custom = background.variant.as_deref().is_none_or(|variant| variant == "custom");
    match &background.shades[..] {
        [] if custom => Err(ApiError::missing("shades")),
        [upper, lower] if custom && is_color(upper) && is_color(lower) => Ok(()),
        _ if custom => Err(ApiError::invalid("`shades` must be two colours as #RRGGBB")),
        _ => Ok(()),
    }
}

fn is_color(text: &str) -> bool {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn check_dynamic(background: &Background) -> Result<(), ApiError> {
    let variants: &[&str] = match background.style {
        None => return Err(ApiError::missing("style")),
        Some(BackgroundStyle::Sky) => &["dusk", "haze", "sunset", "clear", "sunrise", "dawn"],
        Some(BackgroundStyle::Water) => &["light", "dark"],
        Some(BackgroundStyle::Aurora) => &["green", "purple", "pink"],
        Some(_) => return Err(ApiError::invalid("`style` must be sky, water or aurora")),
    };
    match background.variant.as_deref() {
        None => Err(ApiError::missing("variant")),
        Some(variant) if variants.contains(&variant) => Ok(()),
        Some(_) => Err(ApiError::invalid(format!("`variant` must be one of {}", variants.join(", ")))),
    }
}

fn check_photo(background: &Background) -> Result<(), ApiError> {
    let Some(url) = background.image_url.as_deref() else { return Err(ApiError::missing("image_url")) };
    if !url.starts_with("https://") {
        return Err(ApiError::new(
            ErrorCode::IMAGE_NOT_FETCHED,
            "`image_url` cannot be fetched: it must be an https address",
        ));
    }
    let path = url.split(['?', '#']).next().unwrap_or(url).to_ascii_lowercase();
    let extension = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, end)| end);
    match extension {
        Some(extension) if !PICTURES.contains(&extension) => Err(ApiError::new(
            ErrorCode::MEDIA_TYPE_MISMATCH,
            "`image_url` must be a JPEG, PNG, HEIC or WebP",
        )),
        _ => Ok(()),
    }
}
