// The right pane: faults, clock and lines. The log has modules of its own.

import { advance, call, changeLine } from "./api.js";
import { ask } from "./ask.js";
import { bdi, byId, el, iconButton, keyed, memo, setText } from "./dom.js";
import { now, onChange, state } from "./state.js";
import { exactClockTime, longDay } from "./text.js";
import { attempt } from "./toast.js";

export function startMachine() {
  startFaults();
  startClock();
  onChange(["lines", "subscriptions", "whole"], renderLines);
}

let index = null;

function startFaults() {
  const form = byId("fault-form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = byId("fault-input").value.trim();
    if (await attempt(call("POST", "faults", { faults: [text] }))) form.reset();
  });
  byId("fault-input").addEventListener("focus", complete);
  byId("fault-input").addEventListener("input", complete);
  byId("faults-clear").addEventListener("click", () => attempt(call("DELETE", "faults")));
  onChange(["faults", "whole"], renderFaults);
}

/** Offers targets first, and effects after the colon. */
async function complete() {
  index ??= call("GET", "").catch(() => (index = null));
  const { operations = [], event_types: events = [], fault_effects: effects = [] } = (await index) ?? {};
  const text = byId("fault-input").value;
  const colon = text.indexOf(":");
  const target = colon < 0 ? "" : text.slice(0, colon);
  const targets = ["*", ...operations, "webhook", ...events.map((event) => `webhook ${event}`), "file"];
  const offers = target ? effects.map((effect) => `${target}: ${effect}`) : targets.map((of) => `${of}: `);
  memo(byId("fault-completion"), `${target} ${offers.length}`, () => offers.map((value) => el("option", { value })));
}

function renderFaults() {
  keyed(byId("fault-list"), state.faults, (fault) => fault, faultItem, () => {});
  byId("no-faults").hidden = state.faults.length > 0;
  byId("faults-clear").hidden = state.faults.length < 2;
  setText(byId("tab-faults"), state.faults.length > 0 ? `Faults ${state.faults.length}` : "Faults");
}

function faultItem(fault) {
  const remove = () => attempt(call("DELETE", `faults?fault=${encodeURIComponent(fault)}`));
  const button = iconButton("close", `Remove ${fault}`, "fault-remove", remove);
  return el("li", { class: "fault", data: { fault }, testid: "fault" }, el("code", {}, fault), button);
}

function startClock() {
  for (const button of document.querySelectorAll("[data-advance]")) {
    button.addEventListener("click", () => attempt(advance(Number(button.dataset.advance))));
  }
  byId("advance-form").addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(advance(Number(event.target.elements.seconds.value)));
  });
  byId("reset").addEventListener("click", reset);
  onChange(["clock"], renderClock);
  setInterval(() => state.clock.standsStill || renderClock(), 1_000);
}

function renderClock() {
  const time = now();
  for (const id of ["clock-now", "top-clock"]) {
    byId(id).dateTime = time.toISOString();
    setText(byId(id), exactClockTime(time));
  }
  setText(byId("clock-date"), longDay(time));
  byId("stands-still").hidden = !state.clock.standsStill;
  byId("top-clock").classList.toggle("still", state.clock.standsStill);
}

function reset() {
  return ask({
    title: "Reset the sandbox?",
    hint: "People, chats, messages and faults are gone then. The time stays.",
    testid: "reset-form",
    submit: "Reset",
    danger: true,
    fields: [{ name: "keep_subscriptions", label: "Keep webhook subscriptions", type: "checkbox", value: true }],
    apply: (body) => call("POST", "reset", body),
  });
}

function renderLines() {
  keyed(byId("line-list"), state.lines, (line) => line.phone_number, lineItem, updateLine);
  keyed(byId("subscription-list"), state.subscriptions, (of) => of.id, () => el("li", { class: "subscription" }), updateSubscription);
  byId("no-subscriptions").hidden = state.subscriptions.length > 0;
}

const REPUTATIONS = { HEALTHY: "healthy", AT_RISK: "at risk", CRITICAL: "critical" };
const FAULTS = { "": "none", rcs_off: "RCS is off", no_rcs_account: "no RCS account", check_fails: "RCS checks fail" };

function lineItem({ phone_number: line }) {
  const change = (action, body) => attempt(changeLine(line, action, body));
  const select = (label, testid, options, apply) => {
    const on = { change: (event) => apply(event.target.value) };
    const offers = Object.entries(options).map(([value, text]) => el("option", { value }, text));
    return el("label", {}, el("span", {}, label), el("select", { testid, on }, offers));
  };
  const on = { change: (event) => change(event.target.checked ? "flag" : "unflag") };
  const flag = el("input", { type: "checkbox", testid: "line-flag", on });
  return el(
    "li",
    { class: "line", data: { line }, testid: "line" },
    el("h3", {}, bdi(line)),
    el("label", { class: "check" }, flag, "Flagged by the carrier"),
    select("Reputation", "line-reputation", REPUTATIONS, (reputation) => change("set_reputation", { reputation })),
    select("RCS fault", "line-fault", FAULTS, (fault) => change("set_fault", { fault: fault || null })),
    select("Type", "line-type", { iMessage: "iMessage", RCS: "RCS" }, (type) => change("set_type", { type })),
  );
}

function updateLine(item, line) {
  item.querySelector("[data-testid=line-flag]").checked = line.is_flagged;
  const values = { "line-reputation": line.reputation, "line-fault": line.fault ?? "", "line-type": line.type };
  for (const [id, value] of Object.entries(values)) item.querySelector(`[data-testid=${id}]`).value = value;
  item.classList.toggle("flagged", line.is_flagged);
}

function updateSubscription(item, of) {
  memo(item, JSON.stringify(of), () => [el("code", {}, of.target_url), !of.is_active && el("span", { class: "badge warn" }, "inactive")]);
}
