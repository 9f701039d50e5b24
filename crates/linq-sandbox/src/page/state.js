// The state of the sandbox, merged from the views of its stream.

import { forgetSeen, show, shown } from "./session.js";
import { webUrl } from "./text.js";

const MAX_MESSAGES = 1_000;
const MAX_LOG = 10_000;

export const state = {
  /** The id of the open chat, the handle that is played, the line of a new message, and the tab and pane shown. */
  view: { pane: "chat", tab: "requests", ...shown() },
  origin: location.origin,
  clock: { now: Date.now(), at: performance.now(), standsStill: true },
  lines: [],
  people: new Map(),
  chats: new Map(),
  messages: new Map(),
  notes: new Map(),
  payments: new Map(),
  subscriptions: [],
  faults: [],
  requests: [],
  /** One per event and subscription, with all attempts. */
  webhooks: [],
  lastLogged: null,
};

const webhooksByKey = new Map();
const renderers = [];
let due = null;

/** Renders when one of the kinds changed, at most once a frame; in a hidden tab, which has no frames, twice a second. */
export function onChange(kinds, render) {
  renderers.push({ kinds, render });
}

export function changed(...kinds) {
  if (!due) {
    due = new Set();
    const later = document.hidden ? (then) => setTimeout(then, 500) : requestAnimationFrame;
    later(() => {
      const now = due;
      due = null;
      for (const { kinds: of, render } of renderers) if (of.some((kind) => now.has(kind))) render(now);
    });
  }
  for (const kind of kinds) due.add(kind);
}

export function setView(change) {
  Object.assign(state.view, change);
  show(state.view);
  changed("view");
}

export const chat = () => state.chats.get(state.view.chat);
export const others = (of) => of.members.filter((member) => !member.is_me);
const activeOthers = (of) => others(of).filter((member) => member.status === "active");

/** The person who is played: the chosen one, or somebody in the open chat. */
export function player() {
  const open = chat();
  if (!open) return state.view.as;
  const members = activeOthers(open);
  const chosen = members.find((member) => member.handle === state.view.as) ?? members[0] ?? others(open)[0];
  return chosen?.handle;
}

export const now = () => new Date(state.clock.now + (state.clock.standsStill ? 0 : performance.now() - state.clock.at));

/** Returns the URL of a file of the sandbox at the origin of the page; `null` if it is a file of somebody else. */
export function ownFile(url) {
  const href = webUrl(url);
  const file = href && new URL(href);
  if (!file || (file.origin !== state.origin && file.origin !== location.origin)) return null;
  return location.origin + file.pathname + file.search;
}

/** Merges a view of the chat that was asked for; the first one of a stream has the newest entries of the log. */
export function merge(view, of, isFirst) {
  if (view.reset) forgetSeen();
  if (view.whole) startAnew(view);
  if (view.now) state.clock = { now: Date.parse(view.now), at: performance.now(), standsStill: view.stands_still };
  for (const list of ["lines", "subscriptions", "faults"]) if (view[list]) state[list] = view[list];
  put(state.people, view.people, "handle");
  put(state.chats, view.chats, "id");
  put(state.payments, view.payment_requests, "id");
  if (of === (state.view.chat ?? null)) {
    put(state.messages, view.messages, "id");
    put(state.notes, view.notes, "number");
    for (const id of view.removed_messages ?? []) state.messages.delete(id);
    dropOldest(state.messages);
  }
  if (view.log || isFirst) mergeLog(view.log ?? { entries: [] }, isFirst);
  changed("clock", ...Object.keys(view), ...(view.whole ? ["whole"] : []));
}

function startAnew(view) {
  state.origin = view.origin ?? location.origin;
  for (const map of [state.people, state.chats, state.payments, state.messages, state.notes]) map.clear();
}

function put(map, items, key) {
  for (const item of items ?? []) map.set(item[key], item);
}

function dropOldest(messages) {
  const surplus = messages.size - MAX_MESSAGES;
  if (surplus <= 0) return;
  const oldest = [...messages.values()].sort((a, b) => a.number - b.number).slice(0, surplus);
  for (const { id } of oldest) messages.delete(id);
}

function mergeLog({ entries, cleared }, isFirst) {
  const goesOn = state.lastLogged && entries.some((entry) => isSame(entry, state.lastLogged));
  if (cleared || (isFirst && !goesOn)) {
    state.requests = [];
    state.webhooks = [];
    webhooksByKey.clear();
    state.lastLogged = null;
  }
  const last = state.lastLogged?.number ?? -1;
  for (const entry of entries) {
    if (entry.number <= last) continue;
    if (entry.kind === "request") state.requests.push(entry);
    else attempt(entry);
  }
  state.lastLogged = entries.at(-1) ?? state.lastLogged;
  if (state.requests.length > MAX_LOG) state.requests.splice(0, state.requests.length - MAX_LOG);
  const gone = state.webhooks.splice(0, Math.max(0, state.webhooks.length - MAX_LOG));
  for (const { key } of gone) webhooksByKey.delete(key);
}

const isSame = (one, other) => one.number === other.number && one.time === other.time;

function attempt(entry) {
  const key = `${entry.event_id} ${entry.subscription_id}`;
  let webhook = webhooksByKey.get(key);
  if (!webhook) {
    webhook = { key, attempts: [] };
    webhooksByKey.set(key, webhook);
    state.webhooks.push(webhook);
  }
  webhook.attempts.push(entry);
}
