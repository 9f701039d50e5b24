// The page of the sandbox: people and chats, a conversation, and what the sandbox does.

import { startActions } from "./actions.js";
import { startChat } from "./chat.js";
import { startComposer } from "./composer.js";
import { startLog } from "./log.js";
import { startMachine } from "./machine.js";
import { startPeople } from "./people.js";
import { shown, takeToken } from "./session.js";
import { changed, setView, state } from "./state.js";
import { follow } from "./stream.js";
import { startView } from "./view.js";

addEventListener("hashchange", () => {
  takeToken();
  const before = state.view.chat;
  setView({ chat: undefined, as: undefined, ...shown() });
  if (before !== state.view.chat) {
    state.messages.clear();
    state.notes.clear();
  }
  follow();
});

startPeople();
startChat();
startComposer();
startActions();
startMachine();
startLog();
startView();
changed("view", "whole");
follow();
