//! Payloads as indented text.

use anstyle::AnsiColor;
use linq::types::{Timestamp, escape, events::Event};
use serde_json::Value;

use crate::output::Style;

const INDENT: &str = "  ";
const HIDDEN: &str = "<hidden>";
/// Parts of the names of fields whose values are secrets, or of no use without one.
const SECRET_NAMES: [&str; 6] = ["authorization", "credential", "password", "secret", "signature", "token"];

/// Returns the payload of an event as lines of `name: value`, without secrets. Nested values are indented.
pub(super) fn payload(event: &Event, style: &Style) -> String {
    let body: Value = serde_json::from_slice(event.raw()).unwrap_or_default();
    let mut text = String::new();
    write(&mut text, body.get("data").unwrap_or(&Value::Null), 1, style);
    text
}

fn write(text: &mut String, value: &Value, level: usize, style: &Style) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                indent(text, level);
                text.push_str(&colored(&format!("{}:", escape(name)), style));
                write_value(text, name, value, level, style);
            }
        }
        Value::Array(items) => {
            for item in items {
                indent(text, level);
                text.push('-');
                write_value(text, "", item, level, style);
            }
        }
        Value::Null => {}
        value => {
            indent(text, level);
            text.push_str(&scalar(value, style));
            text.push('\n');
        }
    }
}

/// Writes a value behind the name of its field, or on lines of its own.
fn write_value(text: &mut String, name: &str, value: &Value, level: usize, style: &Style) {
    match value {
        _ if is_secret(name) => text.push_str(&format!(" {HIDDEN}\n")),
        Value::Object(fields) if fields.is_empty() => text.push_str(" {}\n"),
        Value::Array(items) if items.is_empty() => text.push_str(" []\n"),
        Value::Object(_) | Value::Array(_) => {
            text.push('\n');
            write(text, value, level + 1, style);
        }
        value => text.push_str(&format!(" {}\n", scalar(value, style))),
    }
}

fn scalar(value: &Value, style: &Style) -> String {
    let Value::String(string) = value else { return value.to_string() };
    if let Ok(time) = string.parse::<Timestamp>() {
        return style.time(Some(&time));
    }
    match string.split_once('?') {
        // Links to files are signed in their query.
        Some((address, _)) if address.starts_with("https://") => format!("{}?...", escape(address)),
        _ => escape(string).to_string(),
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|part| name.contains(part))
}

fn indent(text: &mut String, level: usize) {
    text.extend(std::iter::repeat_n(INDENT, level));
}

fn colored(name: &str, style: &Style) -> String {
    let color = if style.colored { AnsiColor::Cyan.on_default() } else { anstyle::Style::new() };
    format!("{color}{name}{color:#}")
}
