/// Replaces a part of a text. In a doc comment, the lines begin as the line with the name does.
pub(crate) fn with_part(text: &str, name: &str, generated: &str) -> Option<String> {
    let (before, rest) = text.split_once(&format!("<!-- generated: {name} -->\n"))?;
    let (_, after) = rest.split_once("<!-- end -->\n")?;
    let comment = before.rsplit_once('\n').map_or(before, |(_, start)| start);
    let lines = ["", generated, ""].join("\n");
    let lines: String =
        lines.split('\n').map(|line| format!("{}\n", format!("{comment}{line}").trim_end())).collect();
    Some(format!("{before}<!-- generated: {name} -->\n{lines}{comment}<!-- end -->\n{after}"))
}
