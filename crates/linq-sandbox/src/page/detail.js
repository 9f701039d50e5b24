// The details of a request or a webhook.

import { call } from "./api.js";
import { button, byId, el, iconButton, visible } from "./dom.js";
import { toast, attempt } from "./toast.js";
import { exactClockTime } from "./text.js";

/** What is open, so that an answer that comes late is not shown. */
let open = null;
let webhook = null;
let returnTo = null;

export function closeDetail() {
  const focus = byId("detail").contains(document.activeElement);
  open = null;
  webhook = null;
  byId("detail").hidden = true;
  if (focus) returnTo?.focus();
}

export function openRequest(entry) {
  webhook = null;
  const title = entry.operation ?? entry.path;
  const buttons = (detail) => [button("Copy as curl", "copy-curl", () => copy(curl(entry, detail.request)))];
  return show(entry, title, `${entry.method} ${entry.path}${entry.query ? `?${entry.query}` : ""}`, [], buttons);
}

/** Shows the webhook that is open again once there is another attempt. */
export function refreshDetail() {
  if (webhook && webhook.attempts.at(-1).number !== open) openDelivery(webhook);
}

export function openDelivery(of) {
  const { attempts } = of;
  const entry = attempts.at(-1);
  webhook = of;
  const path = `webhooks/${encodeURIComponent(entry.event_id)}/send_again`;
  const again = () => attempt(call("POST", path, { subscription_id: entry.subscription_id }));
  const list = attempts.map(({ attempt: number, time, status, error, retry_at: next }) => {
    const then = next && `, again at ${exactClockTime(next)}`;
    return el("li", { testid: "attempt" }, `${number}. ${exactClockTime(time)}: ${status ?? error}`, then);
  });
  const command = (request) => curl({ method: "POST", url: entry.target_url }, request);
  const buttons = (detail) => [
    button("Send again", "send-again", again),
    detail.request && button("Copy as curl", "copy-curl", () => copy(command(detail.request))),
  ];
  const more = [el("h4", {}, "Attempts"), el("ul", { class: "attempts" }, list)];
  return show(entry, entry.event_type, entry.target_url, more, buttons);
}

async function show(entry, title, about, more, buttons) {
  open = entry.number;
  const { activeElement } = document;
  if (activeElement?.getAttribute("role") === "listbox") returnTo = activeElement;
  const detail = await attempt(call("GET", `log/${entry.number}`));
  if (!detail || open !== entry.number) return;
  const { status, error, code, fault, event_id: event, trace_id: trace, time } = entry;
  const facts = { Status: status ?? error, Code: code, Fault: fault, Event: event, Trace: trace, Time: time };
  byId("detail").replaceChildren(
    el("header", {}, el("h3", {}, title), buttons(detail), iconButton("close", "Close details", "detail-close", closeDetail)),
    el(
      "div",
      { class: "detail-body", tabIndex: 0, role: "group", label: title },
      el("p", { class: "about" }, about),
      el("dl", {}, terms(Object.entries(facts).filter(([, value]) => value))),
      more,
      message("Request", detail.request),
      message("Response", detail.response),
      !detail.request && el("p", { class: "caption" }, "Its headers and bodies are not kept any more."),
    ),
  );
  byId("detail").hidden = false;
}

const terms = (pairs) => pairs.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]);

function message(title, given) {
  if (!given) return null;
  const { headers = [], body, truncated } = given;
  return el(
    "section",
    {},
    el("h4", {}, title),
    headers.length > 0 && el("details", {}, el("summary", {}, `${headers.length} headers`), el("dl", {}, terms(headers))),
    body ? el("pre", { testid: `${title.toLowerCase()}-body` }, pretty(body)) : el("p", { class: "caption" }, "No body."),
    truncated && el("p", { class: "caption" }, "The rest is not kept."),
  );
}

function pretty(body) {
  if (typeof body !== "string") return JSON.stringify(body, null, 2);
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

const quoted = (text) => `'${String(text).replaceAll("'", `'\\''`)}'`;
const KEY = '"Authorization: Bearer $LINQ_API_V3_API_KEY"';
/** Headers that curl sets by itself, and the key. */
const OWN = /^(authorization|host|user-agent|accept|content-length|connection|accept-encoding|transfer-encoding)$/i;

/** Returns the request as a command; the key comes from the environment. */
export function curl({ method, path, query, url }, { headers = [], body } = {}) {
  const lines = [`curl -X ${quoted(method)} ${quoted(url ?? location.origin + path + (query ? `?${query}` : ""))}`];
  if (!url) lines.push(`-H ${KEY}`);
  for (const [name, value] of headers) {
    if (!OWN.test(name)) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  }
  if (body) lines.push(`--data-raw ${quoted(typeof body === "string" ? body : JSON.stringify(body))}`);
  return lines.join(" \\\n  ");
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied.");
  } catch {
    toast(visible(text));
  }
}
