// Reads the stream of views, and connects again when it ends.

import { byId, setText } from "./dom.js";
import { askForKey } from "./key.js";
import { credential } from "./session.js";
import { chat, merge, setView, state } from "./state.js";

const SILENCE = 40_000;
const FIRST_WAIT = 250;
const LONGEST_WAIT = 5_000;

let current = null;

/** Follows the open chat from now on. */
export function follow() {
  current?.abort();
  current = new AbortController();
  run(state.view.chat ?? null, current);
}

async function run(of, follower) {
  let wait = FIRST_WAIT;
  while (!follower.signal.aborted) {
    try {
      await connect(of, follower.signal, () => {
        wait = FIRST_WAIT;
        banner("");
      });
    } catch (error) {
      if (follower.signal.aborted) return;
      if (error instanceof Refused) {
        banner("");
        await askForKey(credential() !== null);
        continue;
      }
    }
    if (follower.signal.aborted) return;
    banner("Connection lost. Trying again…");
    await new Promise((resolve) => setTimeout(resolve, wait * (0.75 + Math.random() / 2)));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }
}

class Refused extends Error {}

async function connect(of, signal, onOpen) {
  if (!credential()) throw new Refused();
  const silent = new AbortController();
  const response = await fetch(`/sandbox/events${of ? `?chat=${encodeURIComponent(of)}` : ""}`, {
    headers: { Authorization: `Bearer ${credential()}` },
    signal: AbortSignal.any([signal, silent.signal]),
  });
  if (response.status === 401 || response.status === 403) throw new Refused();
  if (!response.ok) throw new Error(`status ${response.status}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let isFirst = true;
  for (;;) {
    const timer = setTimeout(() => silent.abort(), SILENCE);
    const { done, value } = await reader.read().finally(() => clearTimeout(timer));
    if (done || signal.aborted) return;
    text += value;
    const events = text.split("\n\n");
    text = events.pop();
    for (const event of events) {
      const view = read(event);
      if (!view) continue;
      receive(view, of, isFirst);
      if (isFirst) onOpen();
      isFirst = false;
    }
  }
}

/** Reads the view of an event; there is none in a comment. */
function read(event) {
  const lines = event.split("\n").filter((line) => line.startsWith("data:"));
  return lines.length > 0 ? JSON.parse(lines.map((line) => line.slice(5)).join("\n")) : null;
}

function receive(view, of, isFirst) {
  merge(view, of, isFirst);
  const isGone = view.whole && of && of === state.view.chat && !chat() && state.messages.size === 0;
  if (!isGone) return;
  setView({ chat: undefined });
  follow();
}

function banner(text) {
  setText(byId("banner"), text);
  byId("banner").hidden = !text;
}
