//! `wait_for_reply`: what people write into a chat.
//!
//! The messages are those that the API lists. The relay only says when to look, so nothing is lost that arrives before it is
//! open, while it reconnects, or without it.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use linq::{
    Client,
    types::{ChatId, Handle, MessageId, Operation, messages::Message},
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};

use super::wake::{Listener, Wake};
use crate::{exit_code, failure::Failure};

pub(super) const MAX_TIMEOUT: Duration = Duration::from_secs(300);
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);
/// How far back the messages of a chat are read.
const MAX_PAGES: usize = 4;
const PAGE: u32 = 50;
/// How many messages are returned at once; what follows is returned by the next call.
const MAX_MESSAGES: usize = 20;
const MAX_BYTES: usize = 64 * 1024;
/// How many chats and people are remembered. The oldest is dropped for another.
const MAX_KNOWN: usize = 1000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WaitArguments {
    #[serde(default)]
    chat_id: Option<ChatId>,
    #[serde(default)]
    handle: Option<Handle>,
    #[serde(default)]
    since: Option<MessageId>,
    #[serde(default)]
    timeout_seconds: Option<u64>,
}

/// What the assistant knows of each chat.
#[derive(Debug, Default)]
pub(super) struct Replies(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// Up to which message; `None` if nothing.
    chats: VecDeque<(ChatId, Option<MessageId>)>,
    /// The people of whose chats all that existed when they were first waited for are in `chats`.
    people: VecDeque<Handle>,
}

impl Replies {
    /// Remembers a message that was sent, if nothing of its chat is known yet: what comes after it are replies.
    pub(super) fn on_sent(&self, operation: Operation, parameters: &Value, response: &Value) {
        if !operation.sends_message() {
            return;
        }
        let text =
            |value: &Value, pointer: &str| value.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let chat = text(parameters, "/path_params/chat_id")
            .or_else(|| text(response, "/chat_id"))
            .or_else(|| text(response, "/chat/id"));
        let message = ["/message/id", "/chat/message/id", "/voice_memo/id"];
        let message = message.into_iter().find_map(|pointer| text(response, pointer));
        if let (Some(chat), Some(message)) = (chat, message)
            && self.known(&chat.as_str().into()).is_none()
        {
            self.remember(chat.into(), Some(message.into()));
        }
    }

    /// Waits for messages of people.
    pub(super) async fn wait(
        &self,
        client: &Client,
        wake: &Wake,
        arguments: WaitArguments,
        cancelled: impl Future<Output = ()>,
    ) -> Result<Value, Failure> {
        let timeout = arguments.timeout_seconds.map_or(DEFAULT_TIMEOUT, Duration::from_secs);
        if timeout > MAX_TIMEOUT {
            return Err(usage("timeout_seconds must be 300 at most"));
        }
        let until = Instant::now() + timeout;
        let mut chats = Vec::new();
        for chat in find_chats(client, &arguments).await? {
            let after = self.start(client, &arguments, &chat).await?;
            chats.push((chat, after));
        }
        if let Some(person) = arguments.handle.clone() {
            self.remember_person(person);
        }
        tokio::pin!(cancelled);
        let mut listener = None;
        loop {
            for (chat, after) in &chats {
                let found = written_after(client, chat, after.as_ref()).await?;
                let total = found.len();
                let shown = first(found);
                if let Some(last) = shown.last() {
                    self.remember(chat.clone(), Some(last.id.clone()));
                    return Ok(json!({
                        "replied": true,
                        "chat_id": chat,
                        "has_more": total > shown.len(),
                        "messages": shown,
                    }));
                }
            }
            if Instant::now() >= until {
                let problem = listener.as_ref().and_then(Listener::problem);
                return Ok(json!({ "replied": false, "relay_problem": problem }));
            }
            let listener = listener.get_or_insert_with(|| wake.listen(client));
            tokio::select! {
                () = listener.next() => {}
                () = sleep_until(until) => {}
                () = &mut cancelled => return Err(Failure::new("the wait was cancelled").with_kind("Cancelled")),
            }
            if arguments.chat_id.is_none() {
                for chat in find_chats(client, &arguments).await? {
                    if chats.iter().all(|(known, _)| *known != chat) {
                        chats.push((chat, None));
                    }
                }
            }
        }
    }

    /// Returns the message after which the replies of a chat begin; `None` if all are.
    async fn start(
        &self,
        client: &Client,
        arguments: &WaitArguments,
        chat: &ChatId,
    ) -> Result<Option<MessageId>, Failure> {
        if let Some(since) = &arguments.since {
            return checked(client, since, chat).await.map(Some);
        }
        if let Some(known) = self.known(chat) {
            return Ok(known);
        }
        let is_new = arguments.handle.as_ref().is_some_and(|person| self.lock().people.contains(person));
        let start = if is_new { None } else { newest(client, chat).await? };
        self.remember(chat.clone(), start.clone());
        Ok(start)
    }

    fn known(&self, chat: &ChatId) -> Option<Option<MessageId>> {
        self.lock().chats.iter().find(|(known, _)| known == chat).map(|(_, message)| message.clone())
    }

    fn remember(&self, chat: ChatId, message: Option<MessageId>) {
        let chats = &mut self.lock().chats;
        chats.retain(|(known, _)| *known != chat);
        push(chats, (chat, message));
    }

    fn remember_person(&self, person: Handle) {
        let people = &mut self.lock().people;
        people.retain(|known| *known != person);
        push(people, person);
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn push<T>(all: &mut VecDeque<T>, one: T) {
    if all.len() == MAX_KNOWN {
        all.pop_front();
    }
    all.push_back(one);
}

/// Returns the chat, or the direct chats with the person.
async fn find_chats(client: &Client, arguments: &WaitArguments) -> Result<Vec<ChatId>, Failure> {
    match (&arguments.chat_id, &arguments.handle) {
        (Some(chat), None) => Ok(vec![chat.clone()]),
        (None, Some(person)) => {
            let page = client.chats().list().to_person(person.clone()).limit(PAGE).page().await?;
            let direct = page.chats.into_iter().filter(|chat| chat.is_group != Some(true));
            Ok(direct.map(|chat| chat.id).collect())
        }
        _ => Err(usage("expected either chat_id or handle")),
    }
}

/// Returns the message if it is in the chat.
async fn checked(client: &Client, since: &MessageId, chat: &ChatId) -> Result<MessageId, Failure> {
    let message = client.messages().retrieve(since.clone()).await?;
    match message.chat_id == *chat {
        true => Ok(message.id),
        false => Err(usage("the message of since is not in this chat")),
    }
}

async fn newest(client: &Client, chat: &ChatId) -> Result<Option<MessageId>, Failure> {
    let page = client.chats().messages(chat.clone()).list().limit(1).page().await?;
    Ok(page.messages.into_iter().next().map(|message| message.id))
}

/// Returns what people wrote after a message, oldest first.
async fn written_after(
    client: &Client,
    chat: &ChatId,
    after: Option<&MessageId>,
) -> Result<Vec<Message>, Failure> {
    let mut found = Vec::new();
    let mut cursor = None;
    'pages: for _ in 0..MAX_PAGES {
        let list = client.chats().messages(chat.clone()).list().limit(PAGE);
        let list = match cursor {
            Some(cursor) => list.cursor(cursor),
            None => list,
        };
        let page = list.page().await?;
        for message in page.messages {
            if Some(&message.id) == after {
                break 'pages;
            }
            found.push(message);
        }
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    found.retain(|message| message.is_from_me != Some(true));
    found.reverse();
    Ok(found)
}

/// Returns as many of the oldest messages as one result has room for.
fn first(mut messages: Vec<Message>) -> Vec<Message> {
    let mut size = 0;
    let fitting = messages.iter().take(MAX_MESSAGES).take_while(|message| {
        size += serde_json::to_string(message).map_or(0, |json| json.len());
        size <= MAX_BYTES
    });
    // One alone may be larger; then the whole result says so.
    let count = fitting.count().max(1);
    messages.truncate(count);
    messages
}

fn usage(message: &str) -> Failure {
    Failure::new(message).with_kind("InvalidParameters").with_exit_code(exit_code::USAGE)
}
