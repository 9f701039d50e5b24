// What a person can do besides writing, and the forms for it.

import { act } from "./api.js";
import { ask } from "./ask.js";
import { chooseFiles } from "./composer.js";
import { button, byId } from "./dom.js";
import { MEANINGS } from "./codes.js";
import { chat, player, state } from "./state.js";
import { attempt } from "./toast.js";
import { openChat } from "./view.js";

export function startActions() {
  const menu = byId("actions-menu");
  menu.addEventListener("beforetoggle", ({ newState }) => {
    if (newState === "open") menu.replaceChildren(...content(menu));
  });
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState !== "open") return;
    const { left, top } = byId("actions").getBoundingClientRect();
    menu.style.left = `${left}px`;
    menu.style.top = `${Math.max(8, top - menu.offsetHeight - 8)}px`;
    menu.querySelector("button")?.focus();
  });
}

function content(menu) {
  const of = chat();
  const me = player();
  const items = [
    ["Attach a file", "attach", chooseFiles],
    of && ["Send a poll", "poll", () => openPollForm(me, of)],
    of && ["Share location", "location", () => openLocationForm(me, of)],
    ["Send contact card", "contact", () => openContactForm(me, of)],
    of?.is_group && ["Add somebody", "add", () => openAddForm(me, of)],
    of?.is_group && ["Rename the group", "rename", () => openRenameForm(me, of)],
    of?.is_group && ["Leave the group", "leave", () => attempt(act(me, "leaves", { chat_id: of.id }))],
    ["Opt out", "opt-out", () => attempt(act(me, "opts_out", { to: of?.line ?? state.view.to }))],
    ["Settings of this person", "settings", () => openSettings(me)],
  ].filter(Boolean);
  return items.map(([text, id, run]) => {
    const click = () => {
      menu.hidePopover();
      run();
    };
    return button(text, `act-${id}`, click);
  });
}

const list = (text) => text.split(/[\n,;]+/).map((item) => item.trim()).filter(Boolean);
const lines = () => state.lines.map((line) => line.phone_number);
const lineField = (value) => ({ name: "to", label: "Line", options: lines(), value });

export async function openGroupForm(me) {
  const people = [...state.people.keys()].filter((handle) => handle !== me);
  let created;
  await ask({
    title: "New group",
    testid: "group-form",
    submit: "Send",
    hint: `${me} writes to a line and to the others.`,
    fields: [
      {
        name: "others",
        label: "Other people",
        placeholder: "+12025550123, casey@example.com",
        hint: "Numbers or email addresses, with commas between them.",
        required: true,
        value: people.slice(0, 2).join(", "),
      },
      lineField(state.view.to),
      { name: "text", label: "First message", type: "textarea", required: true },
    ],
    apply: async ({ others, to, text }) => {
      const message = { parts: [{ type: "text", value: text }] };
      created = await act(me, "sends_among", { others: list(others), to, message });
    },
  });
  if (created) openChat(created.chat_id, me);
}

const CODES = ["3007", "4001", "4002", "4005", "4006"];

export function openSettings(handle) {
  const person = state.people.get(handle) ?? { service: "iMessage", has_rcs: false, unreachable: null };
  const optOut = (close) => {
    const click = () => {
      close();
      attempt(act(handle, "opts_out", { to: chat()?.line }));
    };
    return button("Opt out", "settings-opt-out", click, { class: "danger" });
  };
  return ask({
    title: handle,
    testid: "settings",
    submit: "Save",
    extra: person.opted_out ? undefined : optOut,
    fields: [
      { name: "service", label: "Service", options: ["iMessage", "RCS", "SMS"], value: person.service },
      { name: "rcs", label: "Has RCS next to it", type: "checkbox", value: person.has_rcs },
      {
        name: "unreachable",
        label: "Messages to this person fail with code",
        placeholder: "none: they get through",
        hint: `For instance 4001: ${MEANINGS[4001]}.`,
        value: person.unreachable ?? "",
        suggestions: CODES,
        pattern: "[0-9]{1,6}",
        inputmode: "numeric",
      },
    ],
    apply: async ({ service, rcs, unreachable }) => {
      if (service !== person.service) await act(handle, "on", { service });
      if (rcs !== person.has_rcs) await act(handle, "has_rcs", { has_rcs: rcs });
      const code = unreachable ? Number(unreachable) : null;
      if (code !== (person.unreachable ?? null)) await act(handle, "unreachable", { code });
    },
  });
}

function openPollForm(me, of) {
  return ask({
    title: "Send a poll",
    testid: "poll-form",
    submit: "Send",
    fields: [{ name: "options", label: "Options, one a line", type: "textarea", required: true }],
    apply: ({ options }) => act(me, "asks", { chat_id: of.id, poll: { options: texts(options) } }),
  });
}

export function openOptionForm(me, message) {
  return ask({
    title: "Add options to the poll",
    testid: "option-form",
    submit: "Add",
    fields: [{ name: "options", label: "Options, one a line", type: "textarea", required: true }],
    apply: ({ options }) => act(me, "adds_options", { message_id: message.id, options: texts(options) }),
  });
}

const texts = (options) => options.split("\n").map((text) => text.trim()).filter(Boolean).map((text) => ({ text }));

export function openLocationForm(me, of) {
  const coordinate = (name, label, value, max) =>
    ({ name, label, type: "number", step: "any", min: -max, max, value, required: true });
  return ask({
    title: "Share location",
    testid: "location-form",
    submit: "Share",
    fields: [
      coordinate("latitude", "Latitude", "37.7955", 90),
      coordinate("longitude", "Longitude", "-122.3937", 180),
      { name: "address", label: "Address", value: "1 Ferry Building" },
      { name: "locality", label: "City", value: "San Francisco" },
      { name: "seconds", label: "Seconds, or empty: until stopped", type: "number", min: 1, value: "" },
    ],
    apply: ({ latitude, longitude, address, locality, seconds }) =>
      act(me, "shares_location", {
        chat_id: of.id,
        latitude: Number(latitude),
        longitude: Number(longitude),
        address: address || null,
        locality: locality || null,
        seconds: seconds ? Number(seconds) : null,
      }),
  });
}

function openContactForm(me, of) {
  return ask({
    title: "Send contact card",
    testid: "contact-form",
    submit: "Send",
    fields: [
      { name: "first_name", label: "First name", required: true },
      { name: "last_name", label: "Last name" },
    ],
    apply: (names) => act(me, "sends_contact_card", { ...names, to: of?.line ?? state.view.to }),
  });
}

function openAddForm(me, of) {
  return ask({
    title: "Add somebody",
    testid: "add-form",
    submit: "Add",
    fields: [{ name: "handle", label: "Number or email address", required: true, suggestions: [...state.people.keys()] }],
    apply: ({ handle }) => act(me, "adds", { chat_id: of.id, handle }),
  });
}

function openRenameForm(me, of) {
  return ask({
    title: "Rename the group",
    testid: "rename-form",
    submit: "Rename",
    fields: [{ name: "name", label: "Name", required: true, value: of.display_name ?? "" }],
    apply: ({ name }) => act(me, "renames", { chat_id: of.id, name }),
  });
}
