use std::collections::BTreeMap;

/// A text with the names of columns in braces. `{{` and `}}` are braces.
#[derive(Debug, PartialEq)]
pub(super) struct Template(Vec<Piece>);

#[derive(Debug, PartialEq)]
enum Piece {
    Text(String),
    Column(String),
}

impl Template {
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '{' | '}' if characters.next_if_eq(&character).is_some() => plain.push(character),
                '{' => {
                    let mut name = String::new();
                    loop {
                        match characters.next() {
                            Some('}') => break,
                            None | Some('{' | '\n') => {
                                return Err("`{` without `}`; a brace is written `{{`");
                            }
                            Some(character) => name.push(character),
                        }
                    }
                    if name.trim().is_empty() {
                        return Err("`{}` names no column; braces are written `{{}}`");
                    }
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                    pieces.push(Piece::Column(name.trim().to_owned()));
                }
                '}' => return Err("`}` without `{`; a brace is written `}}`"),
                character => plain.push(character),
            }
        }
        pieces.push(Piece::Text(plain));
        Ok(Self(pieces))
    }

    /// Returns the text with the values of a row, or the name of a column that the row does not have.
    pub(super) fn render(&self, values: &BTreeMap<String, String>) -> Result<String, &str> {
        let mut text = String::new();
        for piece in &self.0 {
            text.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Column(name) => values.get(name).ok_or(&**name)?,
            });
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_replaced_and_double_braces_are_braces() {
        let values =
            [("name", "{Ann}"), ("first name", "A")].map(|(name, value)| (name.into(), value.into()));
        let values = BTreeMap::from(values);
        for (template, text) in [
            ("Hello {name}!", Ok("Hello {Ann}!")),
            ("{ first name }{name}", Ok("A{Ann}")),
            ("{{name}} {{{name}}}", Ok("{name} {{Ann}}")),
            ("", Ok("")),
            ("{nickname}", Err("nickname")),
        ] {
            let rendered = Template::parse(template).unwrap();
            assert_eq!(rendered.render(&values).as_deref(), text.as_ref().map(|text| *text), "{template}");
        }
        for template in ["{", "}", "{name", "a } b", "{a{b}}", "{}", "{ }", "{name\n}"] {
            assert!(Template::parse(template).is_err(), "{template}");
        }
    }
}
