use super::{Check, Rule, Violation, require};
use crate::{
    attachments::{ContentType, NewAttachment},
    chats::NewVoiceMemo,
};

/// 100 MiB.
const MAX_BYTES: u64 = 100 * 1024 * 1024;
const MAX_NAME_CHARS: usize = 255;
/// Media types that the API rejects.
const REJECTED: [&str; 6] = [
    "audio/flac",
    "audio/x-flac",
    "audio/ogg",
    "application/ogg",
    "application/x-msdownload",
    "application/x-executable",
];

impl Check for NewAttachment {
    fn check(&self) -> Result<(), Violation> {
        require((1..=MAX_NAME_CHARS).contains(&self.filename.chars().count()), Rule::FileName, "filename")?;
        require(is_accepted(&self.content_type), Rule::MediaType, "content_type")?;
        require((1..=MAX_BYTES).contains(&self.size_bytes), Rule::FileSize, "size_bytes")
    }
}

impl Check for NewVoiceMemo {
    fn check(&self) -> Result<(), Violation> {
        require(self.voice_memo_url.is_some() != self.attachment_id.is_some(), Rule::UrlOrAttachment, "")
    }
}

fn is_accepted(content_type: &ContentType) -> bool {
    let media_type = content_type.as_str();
    media_type.contains('/') && !REJECTED.contains(&media_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_memo_has_either_a_url_or_an_attachment() {
        let by_url = NewVoiceMemo::from_url("https://example.com/a.m4a");
        let by_id = NewVoiceMemo::from_attachment("a");
        let both = NewVoiceMemo { attachment_id: by_id.attachment_id.clone(), ..by_url.clone() };
        let neither = NewVoiceMemo { voice_memo_url: None, ..by_url.clone() };
        assert_eq!((by_url.check(), by_id.check()), (Ok(()), Ok(())));
        for wrong in [both, neither] {
            assert_eq!(wrong.check(), Err(Violation::new(Rule::UrlOrAttachment)), "{wrong:?}");
        }
    }

    #[test]
    fn size_name_and_media_type_of_a_file_are_checked() {
        let long = "é".repeat(255);
        for (filename, content_type, size) in [
            ("a.jpg", "image/jpeg", 1),
            ("a.jpg", "image/jpeg", MAX_BYTES),
            (long.as_str(), "application/new-kind", 1),
            ("a.webp", "image/webp", 1),
        ] {
            assert_eq!(NewAttachment::new(filename, content_type, size).check(), Ok(()), "{filename}");
        }
        let longer = "é".repeat(256);
        for (filename, content_type, size, rule, path) in [
            ("a.jpg", "image/jpeg", 0, Rule::FileSize, "size_bytes"),
            ("a.jpg", "image/jpeg", MAX_BYTES + 1, Rule::FileSize, "size_bytes"),
            ("", "image/jpeg", 1, Rule::FileName, "filename"),
            (longer.as_str(), "image/jpeg", 1, Rule::FileName, "filename"),
            ("a.flac", "audio/flac", 1, Rule::MediaType, "content_type"),
            ("a", "jpeg", 1, Rule::MediaType, "content_type"),
        ] {
            let violation = NewAttachment::new(filename, content_type, size).check().unwrap_err();
            assert_eq!((violation.rule, violation.path.as_str()), (rule, path));
        }
    }
}
