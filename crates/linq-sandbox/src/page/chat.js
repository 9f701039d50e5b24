// The open conversation.

import { bubble, kindOf, paymentCard, requestsIn, sharingCard } from "./bubble.js";
import { explained } from "./codes.js";
import { bdi, button, byId, el, icon, iconButton, keyed, memo, setText } from "./dom.js";
import { effectName, play } from "./effects.js";
import { openMenu, REACTIONS } from "./menu.js";
import { note } from "./notes.js";
import { title } from "./people.js";
import { chat, onChange, others, ownFile, player, setView, state } from "./state.js";
import { avatar, clockTime, dayAndTime } from "./text.js";

const PAUSE = 30 * 60_000;
const RUN = 2 * 60_000;
const NEAR_END = 48;
const MAX_ANNOUNCED = 5;

const scroll = () => byId("scroll");
let atEnd = true;
/** The chat that is shown, and the number of its newest message. */
let shown = { chat: null, newest: -1 };

export function startChat() {
  byId("as").addEventListener("change", (event) => setView({ as: event.target.value }));
  byId("to").addEventListener("change", (event) => setView({ to: event.target.value }));
  scroll().addEventListener("scroll", () => (atEnd = isAtEnd()), { passive: true });
  new ResizeObserver(stayAtEnd).observe(byId("messages"));
  new ResizeObserver(stayAtEnd).observe(scroll());
  byId("messages").addEventListener("keydown", moveFocus);
  onChange(["chats", "view", "people", "lines", "whole"], renderHead);
  onChange(["messages", "removed_messages", "notes", "payment_requests", "chats", "view", "whole"], renderMessages);
}

const isAtEnd = () => scroll().scrollHeight - scroll().scrollTop - scroll().clientHeight < NEAR_END;

function stayAtEnd() {
  if (atEnd) scroll().scrollTop = scroll().scrollHeight;
}

function renderHead() {
  const of = chat();
  const me = player();
  const loading = !of && state.view.chat;
  setText(byId("chat-title"), of ? title(of) : loading ? "…" : (me ?? "No conversation"));
  setText(byId("chat-info"), of ? about(of) : me && !loading ? "New message" : "");
  const picture = of?.icon && ownFile(of.icon);
  memo(byId("chat-avatar"), JSON.stringify([of?.id, picture, me]), () => {
    const fallback = of?.is_group ? icon("group") : me && avatar(others(of ?? { members: [{ handle: me }] })[0].handle);
    if (!picture) return fallback;
    return el("img", { src: picture, alt: "", on: { error: (event) => event.target.replaceWith(fallback) } });
  });
  const members = of ? others(of).filter((member) => member.status === "active").map((member) => member.handle) : [];
  choices(byId("as"), members, me, "as");
  byId("as-label").hidden = members.length < 2;
  const lines = state.lines.map((line) => line.phone_number);
  choices(byId("to"), lines, state.view.to, "to");
  byId("to-label").hidden = Boolean(of || loading || !me) || lines.length < 2;
  memo(byId("sharing"), JSON.stringify([of?.sharing, me]), () => of?.sharing?.map((sharing) => sharingCard(sharing, of.id)));
  byId("typing").hidden = !of?.shows_typing;
  byId("typing").setAttribute("aria-label", `${of?.line ?? ""} is typing`);
  stayAtEnd();
}

function about(of) {
  const gone = others(of).filter((member) => member.status !== "active");
  const people = `${others(of).length - gone.length} people`;
  const left = gone.map((member) => `${member.handle} ${member.status}`);
  const facts = [of.service, `line ${of.line}`, of.is_group && people, ...left, !of.is_active && "inactive"];
  return facts.filter(Boolean).join(" · ");
}

function choices(select, values, selected, what) {
  memo(select, JSON.stringify([values, what]), () => values.map((value) => el("option", { value }, value)));
  if (selected) select.value = selected;
}

function renderMessages(kinds) {
  const of = chat();
  const other = shown.chat !== (state.view.chat ?? null);
  if (other) atEnd = true;
  const items = of ? timeline(of) : [];
  keyed(byId("messages"), items, (item) => item.key, create, update);
  byId("no-messages").hidden = items.length > 0;
  setText(byId("no-messages"), emptyText(of));
  stayAtEnd();
  const messages = items.filter((item) => item.message).map((item) => item.message);
  const fresh = messages.filter((message) => message.number > shown.newest);
  if (!other && !kinds.has("whole")) for (const message of fresh) arrived(message);
  shown = { chat: state.view.chat ?? null, newest: messages.at(-1)?.number ?? -1 };
}

function emptyText(of) {
  if (of || state.view.chat) return "";
  if (state.people.size === 0) return "Add a person on the left, and write to a line as them.";
  return player() ? "Write the first message." : "Choose a person or a chat on the left.";
}

/** Messages, what happened between them, and payment requests that no message mentions, in order. */
function timeline(of) {
  const messages = [...state.messages.values()].sort((a, b) => a.number - b.number);
  const notes = [...state.notes.values()].sort((a, b) => a.number - b.number);
  const mentioned = new Set(messages.flatMap((message) => requestsIn(message)));
  const me = player();
  const isHere = ({ payer_handle: payer, from }) => !of.is_group && payer === me && (from ?? of.line) === of.line;
  const payments = [...state.payments.values()]
    .filter((request) => !mentioned.has(request) && isHere(request))
    .sort((a, b) => a.created_at.localeCompare(b.created_at));
  const items = [];
  const before = (number, at) => {
    while (notes[0]?.after < number) {
      const note = notes.shift();
      items.push({ key: `note-${note.number}`, note });
    }
    while (payments[0]?.created_at < at) {
      const payment = payments.shift();
      items.push({ key: `pay-${payment.id}`, payment });
    }
  };
  for (const message of messages) {
    before(message.number, message.created_at);
    items.push({ key: message.id, message });
  }
  before(Infinity, "~");
  arrange(items, of, me);
  return items;
}

const RANKS = { pending: 1, queued: 1, sent: 2, delivered: 3, received: 3, read: 4 };

/** Decides what depends on the neighbors: runs of one sender, times between them, and under which ones a status is. */
function arrange(items, of, me) {
  let last = null;
  let neighbor = null;
  for (const item of items) {
    const { message } = item;
    if (!message) {
      neighbor = null;
      continue;
    }
    const at = Date.parse(message.created_at);
    item.divider = last === null || at - last > PAUSE;
    item.goesOn = !item.divider && neighbor?.message.from === message.from && at - last < RUN;
    if (neighbor) neighbor.ends = !item.goesOn;
    item.ends = true;
    item.own = message.from === me;
    item.named = of.is_group && !item.own && !item.goesOn;
    last = at;
    neighbor = item;
  }
  const newest = items.findLast((item) => item.message);
  if (newest) newest.last = true;
  const best = { own: 3, line: 0 };
  for (const item of items.filter((item) => item.message && (item.message.is_from_me || item.own)).reverse()) {
    const side = item.own ? "own" : "line";
    const rank = item.own && item.message.is_read ? 4 : (RANKS[item.message.delivery_status] ?? 0);
    if (rank <= best[side]) continue;
    best[side] = rank;
    item.status = rank === 4 ? "read" : item.message.delivery_status;
  }
}

function create(item) {
  if (!item.message) return el("li", { class: "note", data: { note: item.note?.event_type ?? "" }, testid: "note" });
  const rows = ["divider", "sender", "quote", "parts", "effect", "meta"].map((name) => el("div", { class: name }));
  return el("li", { data: { message: item.message.id }, testid: "message", tabIndex: -1 }, rows);
}

function update(node, item) {
  if (item.note) memo(node, JSON.stringify([item.note, player()]), () => note(item.note, chat()));
  else if (item.payment) memo(node, JSON.stringify(item.payment), () => paymentCard(item.payment));
  else updateMessage(node, item);
}

function updateMessage(node, item) {
  const { message } = item;
  const quoted = message.reply_to && state.messages.get(message.reply_to.message_id);
  const requests = requestsIn(message).map((request) => request.status);
  const around = { ...item, message: undefined };
  const flags = JSON.stringify([around, player(), quoted?.updated_at, requests]);
  if (node.shown === message && node.flags === flags) return;
  node.shown = message;
  node.flags = flags;
  const parts = partsOf(message);
  const failed = message.delivery_status === "failed";
  node.dataset.kind = [...new Set(parts.map(kindOf))].join(" ");
  node.dataset.from = message.from;
  node.className = `message ${item.own ? "own" : "their"} ${message.service.toLowerCase()}`;
  for (const [name, is] of Object.entries({ "goes-on": item.goesOn, ends: item.ends, failed })) node.classList.toggle(name, is);
  node.tabIndex = item.last ? 0 : -1;
  const [divider, sender, quote, list, effect, meta] = node.children;
  const at = message.created_at;
  memo(divider, String(item.divider), () => item.divider && el("time", { datetime: at }, dayAndTime(at)));
  memo(sender, String(item.named), () => item.named && [bdi(message.from), message.is_from_me && lineBadge()]);
  memo(quote, String(quoted?.updated_at), () => message.reply_to && quotation(quoted, message.reply_to.part_index));
  const indexed = parts.map((part, index) => ({ part, index }));
  keyed(list, indexed, ({ index }) => index, createPart, (child, of) => updatePart(child, of, message, requests));
  memo(effect, JSON.stringify(message.effect), () => effectButton(message, node));
  const facts = [item.ends, item.status, message.edits, failed, message.failure, message.read_at];
  memo(meta, facts.join(), () => metaOf(item, failed));
}

const lineBadge = () => el("span", { class: "badge" }, "line");

const quotation = (quoted, index) =>
  el("p", { testid: "quote", dir: "auto" }, quoted ? summary(quoted, index) : "a message that is not here");

const effectButton = ({ effect }, node) =>
  effect && button(`sent with ${effectName(effect)}`, "effect", () => play(effect, node));

function partsOf(message) {
  if (!message.poll) return message.parts;
  const { reactions, ...poll } = message.poll;
  return [{ type: "poll", poll, reactions }];
}

function createPart({ index }) {
  const more = iconButton("more", "React, reply and more", "more", () => openFrom(more, index), { class: "icon more", tabIndex: -1 });
  const content = el("div", { class: "bubble", testid: "bubble" });
  const reactions = el("ul", { class: "reactions", label: "Reactions" });
  return el("div", { class: "part", data: { part: String(index) } }, content, more, reactions);
}

function updatePart(node, { part }, message, requests) {
  node.dataset.kind = kindOf(part);
  const { reactions = [], ...content } = part;
  memo(node.children[0], JSON.stringify([content, requests, part.type === "poll" && player()]), () => bubble(part, message));
  memo(node.children[2], JSON.stringify(reactions), () => (reactions ?? []).map(reaction));
  node.children[2].hidden = !reactions?.length;
  node.classList.toggle("reacted", Boolean(reactions?.length));
}

function reaction({ handle, type, custom_emoji: emoji, sticker }) {
  const by = handle.handle;
  const picture = sticker && ownFile(sticker.url);
  const sign = emoji ?? (REACTIONS[type] ? icon(type) : "sticker");
  const error = (event) => event.target.replaceWith("sticker");
  const content = picture ? el("img", { src: picture, alt: "", on: { error } }) : sign;
  const options = { class: "reaction", title: by, data: { reaction: type }, testid: "reaction" };
  const node = el("li", options, content, el("span", { class: "hidden-text" }, ` ${REACTIONS[type] ?? type} by ${by}`));
  node.classList.toggle("of-line", handle.is_me);
  return node;
}

const STATUSES = { pending: "Sending…", queued: "Queued", sent: "Sent", delivered: "Delivered", received: "Delivered" };

function metaOf({ message, ends, status }, failed) {
  const text = status === "read" ? `Read${message.read_at ? ` ${clockTime(message.read_at)}` : ""}` : STATUSES[status];
  const items = [
    ends && el("time", { datetime: message.created_at, title: message.created_at }, clockTime(message.created_at)),
    message.edits > 0 && el("span", { testid: "edited" }, "Edited"),
    text && !failed && el("span", { testid: "status", data: { status } }, text),
    failed && failure(message.failure),
  ].filter(Boolean);
  return items.flatMap((item, index) => (index > 0 ? [" · ", item] : [item]));
}

const failure = (code) =>
  el("span", { class: "failure", testid: "failure", data: { code } }, code ? `Not delivered (${explained(code)})` : "Not delivered");

/** A line of text that stands for a message. */
export function summary(message, index = 0) {
  const part = partsOf(message)[index ?? 0] ?? partsOf(message)[0];
  if (!part) return "";
  return part.value ?? part.filename ?? part.app?.name ?? "Poll";
}

function arrived(message) {
  const node = byId("messages").nodesByKey.get(message.id);
  if (message.effect && node) play(message.effect, node);
  if (message.from === player()) return;
  const live = byId("live");
  live.append(el("p", {}, `${message.from}: ${summary(message)}`));
  while (live.children.length > MAX_ANNOUNCED) live.firstChild.remove();
}

function openFrom(anchor, index) {
  const message = state.messages.get(anchor.closest("[data-message]").dataset.message);
  if (message) openMenu(message, index, anchor);
}

function moveFocus(event) {
  const at = event.target.closest("[data-message]");
  if (event.target !== at) return;
  const messages = [...byId("messages").querySelectorAll("[data-message]")];
  const index = messages.indexOf(at);
  const to = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: messages.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    messages[to]?.focus();
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    openFrom(at.querySelector(".more"), 0);
  }
}
