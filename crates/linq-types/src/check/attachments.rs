use super::{Check, Rule, Violation, require};
use crate::attachments::{ContentType, NewAttachment};

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

fn is_accepted(content_type: &ContentType) -> bool {
    let media_type = content_type.as_str();
    media_type.contains('/') && !REJECTED.contains(&media_type)
}

#[cfg(test)]
mod tests {
    use super::*;

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
