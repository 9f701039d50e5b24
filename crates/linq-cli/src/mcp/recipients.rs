//! The people whom a call concerns.

use std::str::FromStr;

use linq::{
    Client,
    types::{ChatHandle, Handle, HandleStatus, MessageId, Operation},
};
use serde_json::Value;

use super::policy::refusal;
use crate::failure::Failure;

/// A person whom `--allow-send-to` allows, or everybody.
#[derive(Debug, Clone)]
pub(super) enum AllowedRecipient {
    Everybody,
    Person(Handle),
}

impl AllowedRecipient {
    pub(super) fn is(&self, person: &Handle) -> bool {
        match self {
            Self::Everybody => true,
            // The API compares email addresses without case, and phone numbers have none.
            Self::Person(allowed) => allowed.as_str().eq_ignore_ascii_case(person.as_str()),
        }
    }
}

impl FromStr for AllowedRecipient {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "*" => Ok(Self::Everybody),
            _ => Handle::parse(text)
                .map(Self::Person)
                .map_err(|_| "expected a number in E.164 form, such as +12025550199, an email address, or *"),
        }
    }
}

/// Returns the people whom a call concerns: those it names, and those in its chat.
pub(super) async fn of(
    client: &Client,
    operation: Operation,
    parameters: &Value,
) -> Result<Vec<Handle>, Failure> {
    let text = |pointer: &str| parameters.pointer(pointer).and_then(Value::as_str);
    let mut people: Vec<Handle> = ["/path_params/handle", "/body/handle", "/body/payer_handle"]
        .into_iter()
        .filter_map(text)
        .map(Handle::from)
        .collect();
    let to = parameters.pointer("/body/to").and_then(Value::as_array);
    people.extend(to.into_iter().flatten().filter_map(Value::as_str).map(Handle::from));
    let chat = match (text("/path_params/chat_id"), text("/path_params/message_id")) {
        (Some(chat), _) => Some(chat.into()),
        (None, Some(message)) => Some(client.messages().retrieve(MessageId::from(message)).await?.chat_id),
        (None, None) => None,
    };
    if let Some(chat) = chat {
        let members = members(client.chats().retrieve(chat).await?.handles);
        if members.is_empty() {
            return Err(refusal("the API does not report who is in the chat"));
        }
        people.extend(members);
    }
    if people.is_empty() {
        return Err(refusal(&format!("the parameters of {operation} do not say whom it concerns")));
    }
    Ok(people)
}

/// Returns the people in a chat, other than the line.
fn members(handles: Vec<ChatHandle>) -> Vec<Handle> {
    let has_left =
        |member: &ChatHandle| matches!(member.status, Some(HandleStatus::Left | HandleStatus::Removed));
    let others = handles.into_iter().filter(|member| member.is_me != Some(true) && !has_left(member));
    others.map(|member| member.handle).collect()
}
