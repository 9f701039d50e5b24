// The log of requests and webhooks.

import { call } from "./api.js";
import { closeDetail, openDelivery, openRequest, refreshDetail } from "./detail.js";
import { byId, el, setText } from "./dom.js";
import { Rows } from "./rows.js";
import { now, onChange, state } from "./state.js";
import { exactClockTime } from "./text.js";
import { attempt } from "./toast.js";

const FILTER_WAIT = 120;

const lists = {};
let tab = null;

export function startLog() {
  const requests = new Rows(byId("log-requests"), "Requests", request, openRequest);
  const webhooks = new Rows(byId("log-webhooks"), "Webhooks", webhook, openDelivery);
  lists.requests = { rows: requests, keyOf: (entry) => entry.number, text: requestText };
  lists.webhooks = { rows: webhooks, keyOf: (of) => of.key, text: webhookText };
  let timer;
  byId("filter").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(render, FILTER_WAIT);
  });
  byId("control").addEventListener("change", render);
  byId("clear-log").addEventListener("click", async () => {
    if (await attempt(call("DELETE", "log"))) closeDetail();
  });
  byId("machine").addEventListener("keydown", (event) => event.key === "Escape" && closeDetail());
  onChange(["log", "view", "whole"], render);
  onChange(["log"], refreshDetail);
  setInterval(() => state.view.tab === "webhooks" && render(), 1_000);
}

function render() {
  const current = state.view.tab;
  if (tab !== current) closeDetail();
  tab = current;
  byId("log-tools").hidden = !(current in lists);
  if (!(current in lists)) return;
  const { rows, keyOf, text } = lists[current];
  byId("control-label").hidden = current !== "requests";
  const wanted = byId("filter").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const isControl = (item) => current === "requests" && item.path.startsWith("/sandbox/");
  const all = byId("control").checked ? state[current] : state[current].filter((item) => !isControl(item));
  const shown = wanted.length === 0 ? all : all.filter((item) => wanted.every((word) => text(item).includes(word)));
  rows.set(shown, keyOf);
  setText(byId("log-count"), wanted.length > 0 ? `${shown.length} of ${all.length}` : `${all.length}`);
}

const requestText = (entry) => {
  const { method, path, operation, status, code, fault, trace_id: trace } = entry;
  entry.text ??= [method, path, operation, status, code, fault, trace].join(" ").toLowerCase();
  return entry.text;
};

const webhookText = ({ attempts }) => {
  const last = attempts.at(-1);
  return [last.event_type, last.event_id, last.target_url, last.status, last.error].join(" ").toLowerCase();
};

const good = (status) => (status >= 200 && status < 300 ? "good" : status >= 500 || !status ? "bad" : "warn");

function request(entry) {
  const build = () => [
    el("time", { title: entry.time }, exactClockTime(entry.time)),
    el("span", { class: `status ${good(entry.status)}` }, entry.status),
    el("span", { class: "what", title: `${entry.method} ${entry.path}` }, entry.operation ?? `${entry.method} ${entry.path}`),
    entry.code && el("span", { class: "badge warn" }, entry.code),
    entry.fault && el("span", { class: "badge bad", testid: "row-fault" }, entry.fault),
    el("span", { class: "took" }, duration(entry.duration_ms)),
  ];
  return { signature: entry.number, build };
}

function webhook({ attempts }) {
  const last = attempts.at(-1);
  const wait = last.retry_at && Math.max(0, Math.round((Date.parse(last.retry_at) - now()) / 1000));
  const build = () => [
    el("time", { title: last.time }, exactClockTime(last.time)),
    el("span", { class: `status ${good(last.status)}` }, last.status ?? "fail"),
    el("span", { class: "what", title: last.target_url }, last.event_type),
    attempts.length > 1 && el("span", { class: "badge" }, `${attempts.length} attempts`),
    el("span", { class: "took" }, last.retry_at ? `again in ${span(wait)}` : ""),
  ];
  return { signature: `${last.number} ${wait}`, build };
}

function duration(ms) {
  if (ms === undefined || ms === null) return "";
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms >= 10 ? Math.round(ms) : Number(ms.toFixed(1))} ms`;
}

const span = (seconds) => (seconds >= 90 ? `${Math.round(seconds / 60)} min` : `${seconds} s`);
