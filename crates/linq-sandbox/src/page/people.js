// The left pane: people and their chats.

import { act } from "./api.js";
import { openGroupForm, openSettings } from "./actions.js";
import { bdi, button, byId, el, icon, keyed, memo, setText } from "./dom.js";
import { unread } from "./session.js";
import { chat, onChange, others, setView, state } from "./state.js";
import { avatar, clockTime, dayAndTime } from "./text.js";
import { attempt } from "./toast.js";
import { openChat } from "./view.js";

const SERVICES = { iMessage: "imessage", RCS: "rcs", SMS: "sms" };

export function startPeople() {
  byId("add-person").addEventListener("submit", addPerson);
  byId("person-settings").addEventListener("click", () => openSettings(state.view.as));
  byId("new-message").addEventListener("click", () => openChat(undefined, state.view.as));
  byId("new-group").addEventListener("click", () => openGroupForm(state.view.as));
  onChange(["people", "chats", "messages", "view", "seen", "whole"], render);
}

async function addPerson(event) {
  event.preventDefault();
  const form = event.target;
  const { handle, service } = Object.fromEntries(new FormData(form));
  const name = handle.trim();
  if (!(await attempt(act(name, "on", { service })))) return;
  form.reset();
  openChat(undefined, name);
}

function render() {
  const { as } = state.view;
  const chats = newestFirst();
  const waiting = new Map();
  for (const of of chats) {
    for (const { handle } of others(of)) waiting.set(handle, (waiting.get(handle) ?? 0) + unread(of));
  }
  const people = [...state.people.values()].map((person) => ({ ...person, unread: waiting.get(person.handle) ?? 0 }));
  keyed(byId("people-list"), [{ handle: "" }, ...people], (person) => person.handle, personItem, updatePerson);
  const shown = as ? chats.filter((of) => has(of, as)) : chats;
  keyed(byId("chat-list"), shown, (of) => of.id, chatItem, updateChat);
  setText(byId("chats-title"), as ? `Chats of ${as}` : "Chats");
  setText(byId("no-chats"), state.people.size === 0 ? "Add a person, then write to a line as them." : "No messages yet. Write one.");
  byId("no-chats").hidden = shown.length > 0;
  for (const id of ["person-settings", "new-message", "new-group"]) byId(id).hidden = !as;
  const total = chats.reduce((sum, of) => sum + unread(of), 0);
  document.title = total > 0 ? `(${total}) Linq sandbox` : "Linq sandbox";
}

const at = (of) => of.last?.at ?? of.updated_at;
const newestFirst = () => [...state.chats.values()].sort((a, b) => at(b).localeCompare(at(a)));
const has = (of, handle) => others(of).some((member) => member.handle === handle);

function personItem({ handle }) {
  const choose = () => {
    if (!handle) setView({ as: undefined });
    else openChat(newestFirst().find((of) => has(of, handle))?.id, handle, { keepPane: true });
  };
  return el("li", {}, button([], "person", choose, { data: { person: handle } }));
}

function updatePerson(item, person) {
  const button = item.firstChild;
  button.setAttribute("aria-pressed", String((state.view.as ?? "") === person.handle));
  memo(button, JSON.stringify(person), () => {
    if (!person.handle) return [sign("everyone"), el("span", { class: "name" }, "Everyone")];
    const service = [person.service, person.has_rcs && person.service !== "RCS" && "RCS"].filter(Boolean).join(" + ");
    return [
      avatar(person.handle),
      el(
        "span",
        { class: "about" },
        el("span", { class: "name" }, bdi(person.handle)),
        el(
          "span",
          { class: "last" },
          el("span", { class: `service ${SERVICES[person.service] ?? ""}` }, service),
          person.opted_out && el("span", { class: "badge warn" }, "opted out"),
          isUnreachable(person) && el("span", { class: "badge bad" }, `unreachable ${person.unreachable}`),
        ),
      ),
      count(person.unread),
    ];
  });
}

const sign = (name) => el("span", { class: "avatar", "aria-hidden": "true" }, icon(name));
const isUnreachable = ({ unreachable }) => unreachable !== null && unreachable !== undefined;

const count = (number) =>
  number > 0 && el("span", { class: "unread", testid: "unread" }, number, el("span", { class: "hidden-text" }, " unread"));

function chatItem({ id }) {
  const open = () => openChat(id, state.view.as);
  return el("li", {}, button([], "chat-item", open, { data: { chat: id } }));
}

function updateChat(item, of) {
  const button = item.firstChild;
  if (of === chat()) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
  const waiting = unread(of);
  const via = state.lines.length > 1 && el("span", { class: "via" }, ` → ${of.line.slice(-4)}`);
  memo(button, JSON.stringify([of.last, title(of), waiting, of.shows_typing, of.is_active, state.lines.length]), () => [
    of.is_group ? sign("group") : avatar(others(of)[0]?.handle ?? "?"),
    el(
      "span",
      { class: "about" },
      el("span", { class: "name" }, bdi(title(of)), via),
      el("span", { class: "last" }, of.shows_typing ? "typing…" : bdi(of.last?.text ?? "")),
    ),
    el("span", { class: "side" }, of.last && el("time", {}, when(of.last.at)), count(waiting)),
  ]);
}

/** Returns the name of a chat, or the handles of the others in it. */
export const title = (of) => of.display_name || others(of).map((member) => member.handle).join(", ");

function when(time) {
  const recent = Math.abs(state.clock.now - Date.parse(time)) < 12 * 3_600_000;
  return recent ? clockTime(time) : dayAndTime(time).split(",").slice(0, -1).join(",");
}
