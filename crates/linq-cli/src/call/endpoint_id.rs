use std::{ffi::OsStr, sync::LazyLock};

use clap::{
    Arg, Command,
    builder::{PossibleValue, StringValueParser, TypedValueParser},
};
use linq::types::Operation;

use crate::{did_you_mean::did_you_mean, endpoint::Endpoint, exit_code, failure::Failure};

/// Takes any text, and offers the ids and aliases for completion.
#[derive(Debug, Clone)]
pub(super) struct EndpointIds;

impl TypedValueParser for EndpointIds {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(names().into_iter().map(PossibleValue::new)))
    }
}

/// Returns the operation with this id or alias.
pub(super) fn parse(id: &str) -> Result<Operation, Failure> {
    let alias = || Operation::ALL.iter().copied().find(|operation| alias(*operation) == id);
    Operation::from_id(id).or_else(alias).ok_or_else(|| unknown(id))
}

/// Returns the name of the Rust method, such as `chats.list` of `client.chats().list()`.
pub(super) fn alias(operation: Operation) -> String {
    let method = Endpoint::of(operation).rust_method();
    let mut alias = String::new();
    let mut depth = 0;
    for character in method.strip_prefix("client.").unwrap_or(&method).chars() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 => alias.push(character),
            _ => {}
        }
    }
    alias
}

/// Returns all ids, and the aliases that differ from them.
fn names() -> Vec<&'static str> {
    static ALIASES: LazyLock<Vec<String>> =
        LazyLock::new(|| Operation::ALL.iter().map(|operation| alias(*operation)).collect());

    let names = Operation::ALL.iter().zip(&*ALIASES).flat_map(|(operation, alias)| {
        let id = operation.id();
        [Some(id), Some(alias.as_str()).filter(|alias| *alias != id)]
    });
    names.flatten().collect()
}

/// Returns the name with the API's verb for the one in this id, such as `chats.retrieve` for `chats.get`.
fn same_verb(id: &str) -> Option<&'static str> {
    let (resource, verb) = id.rsplit_once('.')?;
    let verb = match verb {
        "get" | "show" => "retrieve",
        "add" | "new" => "create",
        "remove" => "delete",
        _ => return None,
    };
    names().into_iter().find(|name| *name == format!("{resource}.{verb}"))
}

/// The id is not printed, because it could be a misplaced API key.
fn unknown(id: &str) -> Failure {
    let meant = same_verb(id).or_else(|| did_you_mean(id, names().into_iter()));
    let meant = meant.map(|name| format!(" (did you mean {name}?)")).unwrap_or_default();
    Failure::new(format!("unknown endpoint{meant}; `linq call --list` prints all ids"))
        .with_kind("UnknownEndpoint")
        .with_exit_code(exit_code::USAGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_aliases_are_unambiguous() {
        let mut names = names();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
        for operation in Operation::ALL {
            assert_eq!(parse(operation.id()).unwrap(), *operation);
            assert_eq!(parse(&alias(*operation)).unwrap(), *operation);
        }
    }

    #[test]
    fn an_alias_is_the_path_of_the_rust_method() {
        for (operation, name) in [
            (Operation::ChatsList, "chats.list"),
            (Operation::ChatsMessagesList, "chats.messages.list"),
            (Operation::ChatsParticipantsAdd, "chats.participants.add"),
            (Operation::CapabilityCheckRcs, "capability.check_rcs"),
            (Operation::PaymentHandlesConnect, "payments.handle.connect"),
        ] {
            assert_eq!(alias(operation), name);
        }
    }
}
