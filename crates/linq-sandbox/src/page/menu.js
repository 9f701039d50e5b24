// What one can do with a message: react, reply, edit, receive, read.

import { openOptionForm } from "./actions.js";
import { act } from "./api.js";
import { edit, reply } from "./composer.js";
import { button, byId, el, iconButton } from "./dom.js";
import { player } from "./state.js";
import { attempt } from "./toast.js";

/** What somebody did who gave a tapback. */
export const REACTIONS = {
  love: "loved",
  like: "liked",
  dislike: "disliked",
  laugh: "laughed at",
  emphasize: "emphasized",
  question: "questioned",
};

export function openMenu(message, index, anchor) {
  const menu = byId("message-menu");
  menu.replaceChildren(...content(message, index, () => menu.hidePopover()));
  anchor.focus({ preventScroll: true });
  menu.showPopover();
  place(menu, anchor.getBoundingClientRect());
  menu.querySelector("button").focus();
}

function content(message, index, close) {
  const me = player();
  const part = message.poll ?? message.parts[index];
  const mine = (part?.reactions ?? []).filter((reaction) => reaction.handle.handle === me);
  const run = (action, body) => {
    close();
    return attempt(act(me, action, { message_id: message.id, ...body }));
  };
  const react = (type, emoji, remove) =>
    run("reacts", { operation: remove ? "remove" : "add", type, custom_emoji: emoji, part_index: index });
  const tapback = (type) => {
    const given = mine.some((reaction) => reaction.type === type);
    const click = () => react(type, undefined, given);
    return iconButton(type, type, `tapback-${type}`, click, { "aria-pressed": String(given) });
  };
  const emojis = mine.filter((reaction) => reaction.custom_emoji).map((reaction) => reaction.custom_emoji);
  const then = (doing) => () => {
    close();
    doing(message, index);
  };
  const onEmoji = (event) => {
    event.preventDefault();
    react("custom", event.target.elements.emoji.value.trim());
  };
  const about = { name: "emoji", label: "Emoji", placeholder: "Any emoji", testid: "emoji" };
  const input = el("input", { ...about, required: true, autocomplete: "off" });
  return [
    el("div", { class: "tapbacks", role: "group", label: "Tapbacks" }, Object.keys(REACTIONS).map(tapback)),
    el("form", { class: "row", on: { submit: onEmoji } }, input, el("button", { type: "submit", testid: "emoji-add" }, "React")),
    ...emojis.map((emoji) => button(`Remove ${emoji}`, "emoji-remove", () => react("custom", emoji, true))),
    button("Reply", "menu-reply", then(reply)),
    message.from === me && part?.type === "text" && button("Edit", "menu-edit", then(edit)),
    message.is_from_me && !message.delivered_at && button("Receive now", "menu-receive", () => run("gets")),
    message.is_from_me && !message.read_at && button("Read now", "menu-read", () => run("reads")),
    part?.value && button("Copy text", "menu-copy", () => {
      close();
      navigator.clipboard?.writeText(part.value);
    }),
    message.poll && button("Add an option", "menu-option", then(() => openOptionForm(me, message))),
  ].filter(Boolean);
}

function place(menu, { left, right, top, bottom }) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const x = left + width > innerWidth - 8 ? right - width : left;
  const y = bottom + 6 + height > innerHeight - 8 ? top - height - 6 : bottom + 6;
  menu.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, y)}px`;
}
