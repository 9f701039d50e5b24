use std::{mem, ops::Range};

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Links;
use crate::{
    check::Check,
    parts::{LinkPart, Part, TextDecoration, TextPart, TextStyle, Utf16Range},
    text::links::is_web_link,
};

/// Lists and quotes that are nested more deeply get no more indentation, which would multiply the size of hostile input.
const MAX_INDENTED: usize = 16;

/// Writes the events of a Markdown parser as parts.
pub(super) struct Writer {
    links: Links,
    parts: Vec<Part>,
    /// The text since the last part.
    text: String,
    /// Byte ranges of the text, ordered by their end.
    styles: Vec<(Range<usize>, TextStyle)>,
    /// The styles that have not ended, and where they start.
    open: Vec<(TextStyle, usize)>,
    /// Where the links and images that have not ended start, and their URLs.
    targets: Vec<(usize, String)>,
    /// The last link that has ended.
    last_link: Option<(Range<usize>, String)>,
    /// What each line starts with: the marks of quotes, and the indentation of lists.
    prefixes: Vec<&'static str>,
    /// The next number of each list; `None` if it has bullets.
    lists: Vec<Option<u64>>,
    /// The newlines to write before the next text.
    newlines: usize,
    /// Where the text of the current line starts.
    line: usize,
    /// Where the current paragraph starts.
    paragraph: usize,
}

impl Writer {
    pub(super) fn new(links: Links) -> Self {
        Self {
            links,
            parts: Vec::new(),
            text: String::new(),
            styles: Vec::new(),
            open: Vec::new(),
            targets: Vec::new(),
            last_link: None,
            prefixes: Vec::new(),
            lists: Vec::new(),
            newlines: 0,
            line: 0,
            paragraph: 0,
        }
    }

    pub(super) fn write(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) | Event::Html(text) => self.push_lines(&text),
            Event::InlineHtml(tag) => self.inline_html(&tag),
            Event::SoftBreak => self.push(" "),
            Event::HardBreak => self.newlines += 1,
            Event::Rule => {
                self.separate(2);
                self.push("———");
                self.separate(2);
            }
            Event::TaskListMarker(is_done) => self.push(if is_done { "☑ " } else { "☐ " }),
            // Only extensions that are not enabled have other events.
            _ => {}
        }
    }

    pub(super) fn into_parts(mut self) -> Vec<Part> {
        self.finish_text();
        self.parts
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => {
                self.separate(2);
                self.write_newlines();
                self.paragraph = self.text.len();
            }
            Tag::Heading { .. } => {
                self.separate(2);
                self.open_style(TextStyle::Bold);
            }
            Tag::BlockQuote(_) => {
                self.separate(2);
                self.indent("> ", "> ");
            }
            Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::Table(_) => self.separate(2),
            Tag::TableHead => self.open_style(TextStyle::Bold),
            Tag::TableRow => self.separate(1),
            Tag::List(first) => {
                // A nested list follows its item directly.
                self.newlines = if self.lists.is_empty() { 2 } else { 1 };
                self.lists.push(first);
            }
            Tag::Item => {
                self.separate(1);
                let mark = match self.lists.last_mut() {
                    Some(Some(next)) => {
                        let number = *next;
                        *next = number.saturating_add(1);
                        format!("{number}. ")
                    }
                    _ => "• ".to_owned(),
                };
                self.indent(&mark, "  ");
            }
            Tag::Emphasis => self.open_style(TextStyle::Italic),
            Tag::Strong => self.open_style(TextStyle::Bold),
            Tag::Strikethrough => self.open_style(TextStyle::Strikethrough),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.write_newlines();
                self.targets.push((self.text.len(), dest_url.into_string()));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => {
                self.end_paragraph();
                self.separate(2);
            }
            TagEnd::Heading(_) => {
                self.close_style(&TextStyle::Bold);
                self.separate(2);
            }
            TagEnd::BlockQuote(_) => {
                self.prefixes.pop();
                self.newlines = 2;
            }
            TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::Table => self.newlines = 2,
            TagEnd::TableHead => {
                self.end_row();
                self.close_style(&TextStyle::Bold);
            }
            TagEnd::TableRow => self.end_row(),
            TagEnd::TableCell => self.push(" | "),
            TagEnd::List(_) => {
                self.lists.pop();
                self.newlines = if self.lists.is_empty() { 2 } else { 1 };
            }
            TagEnd::Item => {
                self.prefixes.pop();
                self.newlines = 1;
            }
            TagEnd::Emphasis => self.close_style(&TextStyle::Italic),
            TagEnd::Strong => self.close_style(&TextStyle::Bold),
            TagEnd::Strikethrough => self.close_style(&TextStyle::Strikethrough),
            TagEnd::Link => self.end_link(),
            TagEnd::Image => self.end_image(),
            _ => {}
        }
    }

    /// Starts a quote or an item of a list: its first line with `mark`, the others with `prefix`.
    fn indent(&mut self, mark: &str, prefix: &'static str) {
        self.push(mark);
        self.line = self.text.len();
        self.prefixes.push(if self.prefixes.len() < MAX_INDENTED { prefix } else { "" });
    }

    fn inline_html(&mut self, tag: &str) {
        match &*tag.to_ascii_lowercase() {
            "<u>" | "<ins>" => self.open_style(TextStyle::Underline),
            "</u>" | "</ins>" => self.close_style(&TextStyle::Underline),
            "<br>" | "<br/>" | "<br />" => self.newlines += 1,
            _ => {}
        }
    }

    fn open_style(&mut self, style: TextStyle) {
        self.write_newlines();
        self.open.push((style, self.text.len()));
    }

    /// Ends the innermost style of this kind, which has no effect inside another one of its kind.
    fn close_style(&mut self, style: &TextStyle) {
        let Some(at) = self.open.iter().rposition(|(open, _)| open == style) else { return };
        let (style, start) = self.open.remove(at);
        if self.open.iter().all(|(open, _)| *open != style) {
            self.styles.push((start..self.text.len(), style));
        }
    }

    fn end_row(&mut self) {
        self.truncate(self.text.trim_end_matches(" | ").len());
        self.separate(1);
    }

    fn end_link(&mut self) {
        let Some((start, url)) = self.targets.pop() else { return };
        let text = &self.text[start..];
        if self.links != Links::TextOnly {
            if text.is_empty() {
                self.push(&url);
            } else if is_absolute(&url) && !is_shown(text, &url) {
                self.push(&format!(" ({})", url.strip_prefix("mailto:").unwrap_or(&url)));
            }
        }
        self.last_link = Some((start..self.text.len(), url));
    }

    /// Makes the image a part, unless it is inside a link or the API cannot download it.
    fn end_image(&mut self) {
        if self.targets.len() != 1 {
            return self.end_link();
        }
        let Some((start, url)) = self.targets.pop_if(|(_, url)| url.starts_with("https://")) else {
            return self.end_link();
        };
        self.truncate(start);
        self.finish_text();
        self.parts.push(Part::media_url(url));
    }

    /// Makes the paragraph a part if it is a link and nothing else.
    fn end_paragraph(&mut self) {
        if self.links != Links::Preview || !self.prefixes.is_empty() {
            return;
        }
        let paragraph = self.paragraph..self.text.len();
        let url = match self.last_link.take() {
            Some((range, url)) if range == paragraph => url,
            _ => self.text[paragraph].to_owned(),
        };
        let link = LinkPart::new(url);
        if is_web_link(&link.value) && link.check().is_ok() {
            self.truncate(self.paragraph);
            self.finish_text();
            self.parts.push(link.into());
        }
    }

    /// Makes sure that this many newlines are between what is written and what comes next.
    fn separate(&mut self, newlines: usize) {
        self.newlines = self.newlines.max(newlines);
    }

    fn push(&mut self, text: &str) {
        self.write_newlines();
        self.text.push_str(text);
    }

    fn push_lines(&mut self, text: &str) {
        for (at, line) in text.split('\n').enumerate() {
            self.newlines += usize::from(at > 0);
            if !line.is_empty() {
                self.push(line);
            }
        }
    }

    /// Writes the newlines that are due, except where nothing is on the line but its prefix.
    fn write_newlines(&mut self) {
        let newlines = mem::take(&mut self.newlines);
        if self.text.len() == self.line {
            return;
        }
        for _ in 0..newlines {
            self.truncate(self.text.trim_end_matches(' ').len());
            self.text.push('\n');
            self.text.extend(self.prefixes.iter().copied());
            self.line = self.text.len();
        }
    }

    fn truncate(&mut self, length: usize) {
        self.text.truncate(length);
        for (range, _) in self.styles.iter_mut().rev().take_while(|(range, _)| range.end > length) {
            *range = range.start.min(length)..length;
        }
        let open = self.open.iter_mut().map(|(_, start)| start);
        let targets = self.targets.iter_mut().map(|(start, _)| start);
        for start in open.chain(targets).chain([&mut self.line, &mut self.paragraph]) {
            *start = length.min(*start);
        }
        self.last_link.take_if(|(range, _)| range.end > length);
    }

    /// Makes what is written a text part.
    fn finish_text(&mut self) {
        let text = mem::take(&mut self.text);
        let mut styles = mem::take(&mut self.styles);
        styles
            .extend(self.open.iter_mut().map(|(style, start)| (mem::take(start)..text.len(), style.clone())));
        (self.newlines, self.line, self.paragraph, self.last_link) = (0, 0, 0, None);
        let start = text.len() - text.trim_start().len();
        let value = text.trim();
        if value.is_empty() {
            return;
        }
        // The UTF-16 units in front of each byte that starts a character.
        let mut units = vec![0; value.len() + 1];
        for (at, character) in value.char_indices() {
            units[at + character.len_utf8()] = units[at] + u32::from(character > '\u{ffff}') + 1;
        }
        let decorations = styles.into_iter().filter_map(|(range, style)| {
            let unit = |at: usize| units[at.saturating_sub(start).min(value.len())];
            let range = Utf16Range::new(unit(range.start), unit(range.end));
            (range.start < range.end).then(|| TextDecoration::style(range, style))
        });
        let decorations: Vec<_> = decorations.collect();
        let text_decorations = Some(decorations).filter(|list| !list.is_empty());
        self.parts.push(TextPart { text_decorations, ..TextPart::new(value) }.into());
    }
}

fn is_absolute(url: &str) -> bool {
    url.contains("://") || ["mailto:", "tel:", "sms:"].iter().any(|scheme| url.starts_with(scheme))
}

/// Returns `true` if the text of a link shows where it leads.
fn is_shown(text: &str, url: &str) -> bool {
    let without_scheme = |url| {
        let schemes = ["https://", "http://", "mailto:", "tel:", "sms:"];
        schemes.iter().find_map(|scheme| str::strip_prefix(url, scheme)).unwrap_or(url)
    };
    without_scheme(text).trim_end_matches('/') == without_scheme(url).trim_end_matches('/')
}
