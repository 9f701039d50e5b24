//! The handler: it thinks once about what a person says, and does what it decided.

use std::time::Duration;

use anyhow::{Context as _, Result};
use linq::types::{escape, polls::NewPoll, text};
use linq::{prelude::*, resources::attachments::UploadFile};

use crate::history::History;
use crate::model::{Action, Model, Turn};

const MENU: &[u8] = include_bytes!("../pictures/menu.png");

pub struct Bot<M> {
    pub client: Client,
    pub outbox: Outbox,
    pub history: History,
    pub model: M,
    /// The pause between two messages of a reply.
    pub pause: Duration,
}

#[linq_handler(error = anyhow::Error)]
impl<M: Model> Bot<M> {
    #[on]
    async fn answer(&self, burst: Vec<Event<InboundMessage>>) -> Result<()> {
        let Some(first) = burst.first() else { return Ok(()) };
        let (key, chat) = (EventKeys::from(first).key("turn"), &first.data.chat_id);
        if self.history.turn(key.as_str())?.is_none() {
            let typing = self.client.chats().typing(chat).keep_alive().mark_read();
            let turn = typing.service(first.data.service.as_ref()).during(self.think(chat, &burst)).await?;
            self.history.record(key.as_str(), chat, &turn)?;
        }
        // Another run of this handler does what the first one decided.
        let turn = self.history.turn(key.as_str())?.context("missing turn")?;
        for (number, action) in turn.actions.iter().enumerate() {
            if let Err(error) = self.act(&burst, number, action).await {
                let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<linq::Error>());
                if causes.all(linq::Error::is_transient) {
                    return Err(error);
                }
                eprintln!("left out what is refused: {}", escape(format_args!("{error:#}")));
            }
        }
        Ok(())
    }
}

impl<M: Model> Bot<M> {
    async fn think(&self, chat: &ChatId, burst: &[Event<InboundMessage>]) -> Result<Turn> {
        let mut said = Vec::new();
        for message in burst.iter().map(|event| &event.data) {
            said.extend(Some(message.text()).filter(|text| !text.is_empty()));
            for media in message.media() {
                let media_type = media.mime_type.as_deref().unwrap_or("unknown type");
                said.push(match self.client.attachments().download(media).max_bytes(10_000_000).await {
                    Ok(bytes) => format!("[{}]", self.model.describe(media_type, &bytes).await?),
                    Err(error) if error.is_transient() => return Err(error.into()),
                    Err(_) => format!("[{media_type}, not readable]"),
                });
            }
        }
        let said = said.join("\n");
        let actions = self.model.decide(&self.history.turns(chat)?, &said).await?;
        Ok(Turn { said, actions })
    }

    async fn act(&self, burst: &[Event<InboundMessage>], number: usize, action: &Action) -> Result<()> {
        let [first, ..] = burst else { return Ok(()) };
        let chat = self.client.chats().messages(&first.data.chat_id);
        // However often this runs, each send is recorded once.
        let once = |part: u32| self.outbox.once(first, &format!("{number}.{part}"));
        match action {
            Action::Reply { text: markdown } => {
                let bubbles = text::Markdown::new().splitter(text::Splitter::new().each_paragraph());
                for (part, bubble) in (0..).zip(bubbles.messages(markdown)) {
                    once(part).delay(self.pause * part).add(chat.send(bubble)).await?;
                }
            }
            Action::React { emoji } => {
                let last = &burst[burst.len() - 1].data.id;
                self.client.messages().add_reaction(last, Reaction::emoji(emoji)).await?;
            }
            Action::SendMenu => {
                let menu = UploadFile::new("menu.png", "image/png", MENU);
                once(0).add(chat.send(self.client.attachments().upload_part(menu).await?)).await?;
            }
            Action::AskPoll { question, options } => {
                once(0).add(chat.send(question)).await?;
                let polls = self.client.chats().polls(&first.data.chat_id);
                once(1).add(polls.create(NewPoll::new(options.clone()))).await?;
            }
        }
        Ok(())
    }
}
