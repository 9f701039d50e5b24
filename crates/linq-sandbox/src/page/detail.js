// The details of a request or a webhook.

import { call } from "./api.js";
import { button, byId, el, iconButton, visible } from "./dom.js";
import { toast, attempt } from "./toast.js";
import { exactClockTime } from "./text.js";

/** What is open, so that an answer that comes late is not shown. */
let open = null;
let returnTo = null;

export function closeDetail() {
  const focus = byId("detail").contains(document.activeElement);
  open = null;
  byId("detail").hidden = true;
  if (focus) returnTo?.focus();
}

export function openRequest(entry) {
  const title = entry.operation ?? entry.path;
  const buttons = (detail) => [button("Copy as curl", "copy-curl", () => copy(curl(entry, detail.request)))];
  return show(entry, title, `${entry.method} ${entry.path}`, [], buttons);
}

export function openDelivery({ attempts }) {
  const entry = attempts.at(-1);
  const again = () => attempt(call("POST", `webhooks/${encodeURIComponent(entry.event_id)}/send_again`, { subscription_id: entry.subscription_id }));
  const list = attempts.map((of) => el("li", { testid: "attempt" }, `${of.attempt}. ${exactClockTime(of.time)}: ${of.status ?? of.error}`, of.retry_at && `, again at ${exactClockTime(of.retry_at)}`));
  const buttons = (detail) => [
    button("Send again", "send-again", again),
    detail.request && button("Copy as curl", "copy-curl", () => copy(curl({ method: "POST", url: entry.target_url }, detail.request))),
  ];
  return show(entry, entry.event_type, entry.target_url, [el("h4", {}, "Attempts"), el("ul", { class: "attempts" }, list)], buttons);
}

async function show(entry, title, about, more, buttons) {
  open = entry.number;
  const { activeElement } = document;
  if (activeElement?.role === "listbox" || activeElement?.getAttribute("role") === "listbox") returnTo = activeElement;
  const detail = await attempt(call("GET", `log/${entry.number}`));
  if (!detail || open !== entry.number) return;
  const facts = [["Status", entry.status ?? entry.error], ["Code", entry.code], ["Fault", entry.fault], ["Event", entry.event_id], ["Trace", entry.trace_id], ["Time", entry.time]];
  byId("detail").replaceChildren(
    el("header", {}, el("h3", {}, title), buttons(detail), iconButton("close", "Close details", "detail-close", closeDetail)),
    el(
      "div",
      { class: "detail-body", tabIndex: 0, role: "group", label: title },
      el("p", { class: "about" }, about),
      el("dl", {}, facts.filter(([, value]) => value).map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
      more,
      message("Request", detail.request ?? { headers: detail.headers, body: detail.payload }),
      message("Response", detail.response),
    ),
  );
  byId("detail").hidden = false;
}

function message(title, given) {
  if (!given) return null;
  const { headers = [], body, truncated } = given;
  return el(
    "section",
    {},
    el("h4", {}, title),
    headers.length > 0 && el("details", {}, el("summary", {}, `${headers.length} headers`), el("dl", { class: "headers" }, headers.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]))),
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
const OWN = new Set(["authorization", "host", "user-agent", "accept", "content-length", "connection", "accept-encoding", "transfer-encoding"]);

/** Returns the request as a command; the key comes from the environment. */
export function curl({ method, path, url }, { headers = [], body } = {}) {
  const lines = [`curl -X ${method} ${quoted(url ?? location.origin + path)}`];
  if (!url) lines.push(`-H ${KEY}`);
  for (const [name, value] of headers) {
    if (!OWN.has(name.toLowerCase())) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
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
