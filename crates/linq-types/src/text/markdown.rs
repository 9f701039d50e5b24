use pulldown_cmark::{Options, Parser};

use super::Splitter;
use crate::{
    messages::MessageContent,
    parts::{MediaPart, Part},
};

mod writer;

use writer::Writer;

/// The most parts of a message, and the most of them that are media with a URL.
const MAX_PARTS: usize = 100;
const MAX_URL_MEDIA: usize = 40;

/// Converts Markdown, such as a language model writes it, into parts or messages.
///
/// The dialect is CommonMark with the tables, task lists and strikethrough of GitHub.
///
/// | Markdown | message |
/// | --- | --- |
/// | `**bold**`, `*italic*`, `~~strikethrough~~`, `<u>underline</u>` | the [style](crate::parts::TextStyle) |
/// | a heading | bold text |
/// | lists and task lists | lines with `•`, the number, `☐` or `☑`, indented if nested |
/// | a block quote | lines with `> ` in front |
/// | code | the code as it is |
/// | a table | one line for each row, with ` \| ` between the cells |
/// | an image with an `https` URL | a [media part](crate::parts::MediaPart) |
/// | a link | see [`Links`] |
///
/// Everything else is text, so nothing is lost: an image with another URL is its description and URL, and blocks of HTML are
/// kept as they are. Inline tags other than `<u>`, `<ins>` and `<br>` are left out.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::{parts::{Part, TextPart, TextStyle}, text::Markdown};
///
/// let parts = Markdown::new().parts("# Menu 🍜\n\n* *Ramen*\n* Gyoza\n\n![The room](https://example.com/room.jpg)");
/// let text = TextPart::new("Menu 🍜\n\n• Ramen\n• Gyoza")
///     .style_substring("Menu 🍜", TextStyle::Bold)
///     .style_substring("Ramen", TextStyle::Italic);
/// assert_eq!(parts, [text.into(), Part::media_url("https://example.com/room.jpg")]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg(feature = "markdown")]
pub struct Markdown {
    links: Links,
    splitter: Splitter,
}

/// What becomes of links in [`Markdown`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
#[cfg(feature = "markdown")]
pub enum Links {
    /// The text of the link, then its URL in parentheses unless it is the text.
    #[default]
    Inline,
    /// The text of the link alone. Use it for the first message of a chat, in which the API allows no URLs; URLs in the text
    /// remain.
    TextOnly,
    /// As [`Inline`](Self::Inline), except that a paragraph which is a single link to the web becomes a
    /// [link part](crate::parts::LinkPart), which is shown with a preview and must be the only part of its message.
    Preview,
}

impl Markdown {
    /// Creates a converter with the default [`Links`] and [`Splitter`].
    #[must_use]
    pub const fn new() -> Self {
        Self { links: Links::Inline, splitter: Splitter::new() }
    }

    /// Sets what becomes of links.
    #[must_use]
    pub const fn links(mut self, links: Links) -> Self {
        self.links = links;
        self
    }

    /// Sets how [`messages`](Self::messages) splits texts.
    #[must_use]
    pub const fn splitter(mut self, splitter: Splitter) -> Self {
        self.splitter = splitter;
        self
    }

    /// Converts Markdown into the parts of one message: texts of any length and media, in turn.
    ///
    /// With [`Links::Preview`], Markdown that is a single link becomes a link part.
    #[must_use]
    pub fn parts(&self, markdown: &str) -> Vec<Part> {
        let parts = self.convert(markdown, self.links);
        if parts.len() > 1 && parts.iter().any(|part| matches!(part, Part::Link(_))) {
            return self.convert(markdown, Links::Inline);
        }
        parts
    }

    /// Converts Markdown into messages to send one after the other, each within the limits of the API.
    ///
    /// Long texts are split by the [`splitter`](Self::splitter). Markdown without content has no messages.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_types as types; }
    /// use linq::types::{messages::MessageContent, parts::Part, text::{Links, Markdown, Splitter}};
    ///
    /// let markdown = Markdown::new().links(Links::Preview).splitter(Splitter::new().each_paragraph());
    /// let messages = markdown.messages("Here you are:\n\n[The menu](https://example.com/menu)\n\nSee you!");
    /// assert_eq!(messages, [
    ///     MessageContent::from("Here you are:"),
    ///     MessageContent::from(Part::link("https://example.com/menu")),
    ///     MessageContent::from("See you!"),
    /// ]);
    /// ```
    #[must_use]
    pub fn messages(&self, markdown: &str) -> Vec<MessageContent> {
        let parts = self.convert(markdown, self.links).into_iter().flat_map(|part| match part {
            Part::Text(text) => self.splitter.split_part(&text).into_iter().map(Part::Text).collect(),
            part => vec![part],
        });
        let mut messages: Vec<Vec<Part>> = Vec::new();
        for part in parts {
            match messages.last_mut() {
                Some(message) if fits(message, &part) => message.push(part),
                _ => messages.push(vec![part]),
            }
        }
        messages.into_iter().map(MessageContent::new).collect()
    }

    fn convert(&self, markdown: &str, links: Links) -> Vec<Part> {
        let extensions = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
        let mut writer = Writer::new(links);
        for event in Parser::new_ext(markdown, extensions) {
            writer.write(event);
        }
        writer.into_parts()
    }
}

/// Returns `true` if a message of these parts may have this part, too.
fn fits(message: &[Part], part: &Part) -> bool {
    let is_url_media = |part: &Part| matches!(part, Part::Media(MediaPart { url: Some(_), .. }));
    match (message.last(), part) {
        (Some(Part::Text(_)), Part::Text(_)) | (Some(Part::Link(_)), _) | (_, Part::Link(_)) => false,
        _ => {
            let url_media = message.iter().filter(|part| is_url_media(part)).count();
            message.len() < MAX_PARTS && (url_media < MAX_URL_MEDIA || !is_url_media(part))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::{
        check::Check,
        parts::{
            TextPart,
            TextStyle::{self, Bold, Italic, Strikethrough, Underline},
        },
        text::plain_text,
    };

    fn text(markdown: &str) -> TextPart {
        match <[Part; 1]>::try_from(Markdown::new().parts(markdown)) {
            Ok([Part::Text(text)]) => text,
            other => panic!("{markdown}: {other:?}"),
        }
    }

    #[test]
    fn blocks_become_readable_lines() {
        for (markdown, value) in [
            ("One\ntwo  \nthree\\\nfour\n\nFive", "One two\nthree\nfour\n\nFive"),
            ("Intro\n\n- a\n- b\n  - c\n    more\n- d\n\nEnd", "Intro\n\n• a\n• b\n  • c more\n• d\n\nEnd"),
            ("3. a\n4. b\n\n   second\n5. c", "3. a\n4. b\n\n   second\n5. c".replace("   ", "  ").as_str()),
            ("- [ ] open\n- [x] done", "• ☐ open\n• ☑ done"),
            ("> a\n> b\n>\n> c\n\nd", "> a b\n>\n> c\n\nd"),
            ("> - a\n> - b", "> • a\n> • b"),
            ("- > a\n  > b", "• > a b"),
            ("```rust\nfn f() {\n    1\n\n}\n```\nafter", "fn f() {\n    1\n\n}\n\nafter"),
            ("Use `a * b`", "Use a * b"),
            ("a\n\n---\n\nb", "a\n\n———\n\nb"),
            ("<div>\nx\n</div>\n\nb", "<div>\nx\n</div>\n\nb"),
            ("a <b>b</b><br>c", "a b\nc"),
            ("a &amp; b \\*c\\*", "a & b *c*"),
            ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ] {
            assert_eq!(text(markdown), TextPart::new(value), "{markdown}");
        }
    }

    #[test]
    fn a_table_is_a_line_for_each_row() {
        let table = text("| Dish | Price |\n| --- | ---: |\n| *Ramen* | 12 |\n| Gyoza | |");
        let expected = TextPart::new("Dish | Price\nRamen | 12\nGyoza").style_substring("Dish | Price", Bold);
        let ranges = |part: &TextPart| {
            let decorations = part.text_decorations.clone().unwrap_or_default();
            decorations
                .into_iter()
                .map(|own| (part.value[own.range.bytes_in(&part.value).unwrap()].to_owned(), own.style))
                .collect::<Vec<_>>()
        };
        assert_eq!(table.value, expected.value);
        assert_eq!(
            ranges(&table),
            [("Dish | Price".to_owned(), Some(Bold)), ("Ramen".to_owned(), Some(Italic))]
        );
    }

    #[test]
    fn styles_are_ranges_of_utf16_units() {
        for (markdown, value, styles) in [
            (
                "**a** *b* ~~c~~ <u>d</u> <ins>e</ins>",
                "a b c d e",
                &[("a", Bold), ("b", Italic), ("c", Strikethrough), ("d", Underline), ("e", Underline)][..],
            ),
            (
                "👩‍👩‍👧 **👍🏽 yes** 🇩🇪 *e\u{301}*",
                "👩‍👩‍👧 👍🏽 yes 🇩🇪 e\u{301}",
                &[("👍🏽 yes", Bold), ("e\u{301}", Italic)],
            ),
            ("日本 **漢字** と *かな*", "日本 漢字 と かな", &[("漢字", Bold), ("かな", Italic)]),
            ("שלום **עולם** مرحبا", "שלום עולם مرحبا", &[("עולם", Bold)]),
            ("***x***", "x", &[("x", Bold), ("x", Italic)]),
            ("# A **B**", "A B", &[("A B", Bold)]),
            ("- a **b**\n- c", "• a b\n• c", &[("b", Bold)]),
            ("**a\\\nb**", "a\nb", &[("a\nb", Bold)]),
            ("<u>never closed", "never closed", &[("never closed", Underline)]),
        ] {
            let found = text(markdown);
            assert_eq!(found.value, value);
            assert_eq!(found.check(), Ok(()), "{markdown}");
            let mut found: Vec<_> = found
                .text_decorations
                .into_iter()
                .flatten()
                .map(|own| (&value[own.range.bytes_in(value).unwrap()], own.style.unwrap()))
                .collect();
            found.sort();
            let mut styles = styles.to_vec();
            styles.sort();
            assert_eq!(found, styles, "{markdown}");
        }
    }

    #[test]
    fn links_are_written_as_asked_for() {
        for (markdown, inline, text_only) in [
            (
                "See [the menu](https://example.com/menu).",
                "See the menu (https://example.com/menu).",
                "See the menu.",
            ),
            ("<https://example.com/a>", "https://example.com/a", "https://example.com/a"),
            ("[example.com](https://example.com/)", "example.com", "example.com"),
            ("[mail us](mailto:a@example.com)", "mail us (a@example.com)", "mail us"),
            ("<a@example.com>", "a@example.com", "a@example.com"),
            ("[above](#top) [x](/relative)", "above x", "above x"),
            ("a [](https://example.com)", "a https://example.com", "a"),
            (
                "[![logo](https://example.com/l.png)](https://example.com)",
                "logo (https://example.com/l.png) (https://example.com)",
                "logo",
            ),
            ("![chart](http://example.com/c.png)", "chart (http://example.com/c.png)", "chart"),
        ] {
            assert_eq!(plain_text(&Markdown::new().parts(markdown)), inline, "{markdown}");
            let markdown = Markdown::new().links(Links::TextOnly).parts(markdown);
            assert_eq!(plain_text(&markdown), text_only);
        }
    }

    #[test]
    fn a_paragraph_that_is_a_link_becomes_a_link_part_if_asked_for() {
        let preview = Markdown::new().links(Links::Preview);
        let link = || Part::link("https://example.com/a");
        for markdown in
            ["https://example.com/a", "<https://example.com/a>", "[the page](https://example.com/a)"]
        {
            assert_eq!(preview.parts(markdown), [link()], "{markdown}");
            let messages = preview.messages(&format!("Before\n\n{markdown}\n\nAfter **all**"));
            let after = TextPart::new("After all").style_substring("all", Bold);
            assert_eq!(messages, ["Before".into(), link().into(), after.into()], "{markdown}");
            assert!(
                Markdown::new().messages(markdown)[0]
                    .parts
                    .iter()
                    .flatten()
                    .all(|part| matches!(part, Part::Text(_)))
            );
        }
        assert_eq!(preview.parts("a\n\nhttps://example.com/a"), [Part::text("a\n\nhttps://example.com/a")]);
        for markdown in [
            "https://example.com/a and more",
            "- https://example.com/a",
            "mailto:a@example.com",
            "> https://example.com/a",
        ] {
            let messages = preview.messages(markdown);
            assert!(matches!(messages[0].parts.as_deref(), Some([Part::Text(_)])), "{messages:?}");
        }
    }

    #[test]
    fn images_become_media_between_the_texts() {
        let parts = Markdown::new()
            .parts("A **b ![x](https://example.com/1.png) c** d\n\n![](https://example.com/2.png)");
        assert_eq!(
            parts,
            [
                TextPart::new("A b").style_substring("b", Bold).into(),
                Part::media_url("https://example.com/1.png"),
                TextPart::new("c d").style_substring("c", Bold).into(),
                Part::media_url("https://example.com/2.png"),
            ]
        );
    }

    #[test]
    fn messages_are_within_the_limits_of_the_api() {
        let long = "Word **bold** 🎉. ".repeat(2_000);
        let images = "![](https://example.com/a.png)\n\n".repeat(130);
        let messages = Markdown::new().messages(&format!("{long}\n\n{images}\n\nend"));
        assert!(messages.iter().all(|message| message.check().is_ok()));
        let parts = messages.iter().map(|message| message.parts.as_ref().map_or(0, Vec::len));
        assert_eq!(parts.collect::<Vec<_>>(), [1, 1, 41, 40, 40, 11]);
        assert_eq!(Markdown::new().messages(" \n\n<!-- -->").len(), 1);
        assert_eq!(Markdown::new().messages(" \n\n"), []);
    }

    #[test]
    fn deep_nesting_does_not_multiply_the_size() {
        for nested in
            [format!("{}a\\\n", "> ".repeat(2_000)) + &"b\\\n".repeat(2_000), "- ".repeat(2_000) + "a"]
        {
            assert!(plain_text(&Markdown::new().parts(&nested)).len() < 100 * nested.len());
        }
    }

    const PIECES: &[&str] = &[
        "**",
        "*",
        "_",
        "~~",
        "`",
        "```\n",
        "<u>",
        "</u>",
        "<br>",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "1. ",
        "  ",
        "# ",
        "| a | b |\n| - | - |\n",
        "| ",
        "[",
        "](https://example.com)",
        "![",
        "](https://example.com/a.png)",
        "https://example.com",
        "word",
        " ",
        "\\",
        "👩‍👩‍👧",
        "🇩🇪",
        "e\u{301}",
        "漢字",
        "שלום",
        "---\n",
        "- [x] ",
    ];

    proptest! {
        #[test]
        fn any_markdown_becomes_messages_that_can_be_sent(
            pieces in vec(prop::sample::select(PIECES), 0..50),
            preview in any::<bool>(),
            max_chars in 1..60_usize,
        ) {
            let links = if preview { Links::Preview } else { Links::Inline };
            let markdown = Markdown::new().links(links).splitter(Splitter::new().max_chars(max_chars));
            let source = pieces.concat();
            for message in markdown.messages(&source) {
                prop_assert_eq!(message.check(), Ok(()), "{:?}", source);
            }
            let parts = markdown.parts(&source);
            prop_assert!(parts.is_empty() || MessageContent::new(parts).check().is_ok(), "{:?}", source);
        }

        #[test]
        fn text_without_markup_is_unchanged(words in vec("[a-z漢שé🎉]{1,8}", 1..20)) {
            let source = words.join(" ");
            prop_assert_eq!(Markdown::new().parts(&source), [Part::text(source)]);
        }
    }

    #[test]
    fn every_style_of_the_api_can_be_written() {
        let styled = text("**a** *a* ~~a~~ <u>a</u>").text_decorations.unwrap();
        let mut styles: Vec<_> = styled.into_iter().filter_map(|own| own.style).collect();
        styles.sort();
        assert_eq!(styles, TextStyle::KNOWN);
    }
}
