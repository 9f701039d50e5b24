use linq_types::{
    error::ErrorCode,
    experiences::{Experience, ExperienceAction},
    messages::UpdateAppCard,
    parts::{IMessageApp, IMessageAppLayout},
};

use super::Store;
use crate::{
    check,
    clock::Moment,
    error::ApiError,
    model::{AppCard, Content},
};

impl Store {
    pub(crate) fn experience(&self, name: &str) -> Result<&Experience, ApiError> {
        let named = |experience: &&Experience| experience.experience.as_deref() == Some(name);
        let found = self.config.experiences.iter().find(named);
        found.ok_or_else(|| ApiError::nothing_there(&format!("experience `{name}`")))
    }

    /// Returns the card that running an experience sends.
    pub(super) fn run_experience(
        &self,
        invoked: &linq_types::parts::RunExperience,
    ) -> Result<Content, ApiError> {
        if self.config.experiences.is_empty() {
            return Err(ApiError::new(
                ErrorCode::FEATURE_NOT_ENABLED,
                "`message.experience`: the account has no experiences",
            ));
        }
        let experience = self.experience(&invoked.name).map_err(|_| {
            invalid(&format!("`message.experience.name`: there is no experience `{}`", invoked.name))
        })?;
        let action = experience
            .actions
            .iter()
            .find(|action| action.name.as_deref() == Some(&invoked.action))
            .ok_or_else(|| invalid("`message.experience.action` names no action of the experience"))?;
        check_params(action, invoked)?;
        let title = experience.display_name.clone().unwrap_or_else(|| invoked.name.clone());
        let layout = IMessageAppLayout::new().caption(title.clone());
        let layout = match &action.summary {
            Some(summary) => layout.subcaption(summary.clone()),
            None => layout,
        };
        Ok(Content::IMessageApp(Box::new(AppCard {
            app: IMessageApp::new(format!("com.example.{}", invoked.name), title, "SANDBOX000"),
            layout,
            url: format!("https://example.com/experiences/{}/{}", invoked.name, invoked.action),
            fallback_text: None,
        })))
    }

    /// Updates a card that your line sent and that is delivered.
    pub(crate) fn update_app_card(
        &mut self,
        now: Moment,
        message_id: &str,
        update: UpdateAppCard,
    ) -> Result<(), ApiError> {
        let message = self.message(message_id)?;
        self.active_chat(message.chat_id.as_str())?;
        let is_card =
            matches!(message.parts.first().map(|part| &part.content), Some(Content::IMessageApp(_)));
        if !message.is_from_me || !is_card {
            return Err(invalid("only an app card that you sent can be updated"));
        }
        if message.delivered_at.is_none() {
            return Err(ApiError::new(ErrorCode::CONFLICT, "the app card is not delivered yet"));
        }
        if !check::has_visible_field(&update.layout) {
            return Err(invalid("`layout` must have a text or an image"));
        }
        let invoked = update.experience.as_ref().map(|invoked| self.run_experience(invoked)).transpose()?;
        let Some(message) = self.conversations.message_mut(message_id) else { return Ok(()) };
        message.updated_at = now;
        let Some(Content::IMessageApp(card)) = message.parts.first_mut().map(|part| &mut part.content) else {
            return Ok(());
        };
        if let Some(Content::IMessageApp(invoked)) = invoked {
            *card = invoked;
        }
        card.layout = update.layout;
        if let Some(app) = update.app {
            card.app = app;
        }
        if let Some(url) = update.url {
            card.url = url;
        }
        if update.fallback_text.is_some() {
            card.fallback_text = update.fallback_text;
        }
        Ok(())
    }
}

fn check_params(
    action: &ExperienceAction,
    invoked: &linq_types::parts::RunExperience,
) -> Result<(), ApiError> {
    for (name, field) in &action.fields {
        let given = invoked.params.as_ref().is_some_and(|params| params.contains(name));
        if field.required == Some(true) && !given {
            return Err(ApiError::missing(&format!("message.experience.params.{name}")));
        }
    }
    Ok(())
}

fn invalid(message: &str) -> ApiError {
    ApiError::new(ErrorCode::INVALID_APP_CARD, message)
}
