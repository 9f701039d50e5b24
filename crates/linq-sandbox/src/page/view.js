// Changes of what is shown.

import { byId, tablist } from "./dom.js";
import { markSeen } from "./session.js";
import { chat, changed, onChange, others, setView, state } from "./state.js";
import { follow } from "./stream.js";

let showPane = () => {};
let showTab = () => {};

export function startView() {
  showPane = tablist(document.querySelector(".panes"), (tab) => setView({ pane: tab.dataset.show }));
  showTab = tablist(byId("tabs"), (tab) => setView({ tab: tab.dataset.tab }));
  onChange(["view", "whole"], render);
  onChange(["view", "chats", "messages"], see);
  document.addEventListener("visibilitychange", see);
  // Without a choice the newest chat is shown first.
  onChange(["whole"], () => {
    const newest = [...state.chats.values()].sort((a, b) => b.updated_at.localeCompare(a.updated_at))[0];
    if (newest && !state.view.chat && !state.view.as) openChat(newest.id, undefined, { keepPane: true });
  });
}

/** Shows a chat, or a new message of this person. */
export function openChat(id, as, { keepPane = false } = {}) {
  const of = state.chats.get(id);
  const isMember = !as || !of || others(of).some((member) => member.handle === as);
  const before = state.view.chat;
  if (before !== id) {
    state.messages.clear();
    state.notes.clear();
  }
  setView({ chat: id, as: isMember ? as : undefined, ...(keepPane ? {} : { pane: "chat" }) });
  if (before !== id) follow();
}

function render() {
  const { pane, tab } = state.view;
  document.body.dataset.pane = pane;
  showPane(document.querySelector(`[data-show="${CSS.escape(pane)}"]`) ?? byId("pane-chat"));
  const selected = document.querySelector(`[data-tab="${CSS.escape(tab)}"]`) ?? byId("tab-requests");
  showTab(selected);
  for (const panel of document.querySelectorAll("#machine [role=tabpanel]")) {
    panel.hidden = panel.getAttribute("aria-labelledby") !== selected.id;
  }
}

/** Messages of the open chat are seen while the conversation is on the screen. */
function see() {
  const of = chat();
  const onScreen = document.visibilityState === "visible" && byId("phone").offsetParent !== null;
  if (of && onScreen && markSeen(of)) changed("seen");
}
