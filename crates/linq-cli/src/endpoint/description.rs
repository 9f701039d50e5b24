/// Returns a doc comment as plain text: without code blocks, links and terms of Rust.
pub(super) fn plain(doc: &str) -> String {
    let mut text = String::new();
    let mut is_code = false;
    for line in doc.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            text.push_str(line.trim());
            text.push('\n');
        }
    }
    let paragraphs = text.split("\n\n").map(|paragraph| {
        let paragraph = without_links(&paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
        match paragraph.strip_prefix("`None`") {
            Some(rest) => format!("Absent{rest}"),
            None => paragraph.replace("`None`", "absent"),
        }
    });
    paragraphs.filter(|paragraph| !paragraph.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// Replaces each `[text](target)` and each [`name`] by its text.
fn without_links(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some((before, after)) = rest.split_once('[') {
        text.push_str(before);
        let Some((linked, after)) = after.split_once(']') else {
            text.push('[');
            rest = after;
            continue;
        };
        let target = after.strip_prefix('(').and_then(|after| after.split_once(')'));
        match target {
            Some((_, after)) => {
                text.push_str(linked);
                rest = after;
            }
            None if linked.starts_with('`') => {
                text.push_str(linked);
                rest = after;
            }
            None => {
                text.push('[');
                text.push_str(linked);
                text.push(']');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_have_no_links_code_blocks_or_names_of_rust() {
        for (doc, text) in [
            (
                "The [type](EventType) of\nthe event; `None` means any.",
                "The type of the event; absent means any.",
            ),
            ("Otherwise [`NAME`](crate::NAME) (2024).", "Otherwise `NAME` (2024)."),
            ("See [`NAME`].\n\n```\nlet a = [1](2);\n```\n\nMore [a, b].", "See `NAME`.\n\nMore [a, b]."),
            ("`None` if unknown [", "Absent if unknown ["),
        ] {
            assert_eq!(plain(doc), text);
        }
    }
}
