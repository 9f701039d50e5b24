// What happened between the messages of a chat.

import { bdi, button, el, icon } from "./dom.js";
import { explained } from "./codes.js";
import { ownFile, player } from "./state.js";
import { openLocationForm } from "./actions.js";
import { money } from "./text.js";

const name = (handle) => el("bdi", { class: "who" }, handle?.handle ?? handle ?? "Somebody");
const quoted = (text) => el("q", {}, bdi(text));

const TEXTS = {
  "chat.group_name_updated": ({ changed_by_handle: by, new_value: value }) =>
    value ? [name(by), " named the group ", quoted(value)] : [name(by), " removed the name of the group"],
  "chat.group_icon_updated": ({ changed_by_handle: by, new_value: value }) =>
    value ? [name(by), " changed the picture of the group", picture(value)] : [name(by), " removed the picture of the group"],
  "chat.background_updated": ({ actor_handle: by, background }) =>
    background ? [name(by), ` changed the background to ${describe(background)}`] : [name(by), " removed the background"],
  "chat.group_name_update_failed": ({ error_code: code }) => failed("The name of the group was not changed", code),
  "chat.group_icon_update_failed": ({ error_code: code }) => failed("The picture of the group was not changed", code),
  "chat.background_update_failed": ({ error_code: code }) => failed("The background was not changed", code),
  "participant.added": ({ handle }) => [name(handle), " joined"],
  "participant.removed": ({ handle }) => [name(handle), " left"],
  "location.sharing.started": ({ shared_by: by }) => [icon("place"), name(by), " started sharing their location"],
  "location.sharing.stopped": ({ shared_by: by }) => [icon("place"), name(by), " stopped sharing their location"],
  "location.requested": (_, chat) => [
    icon("place"), "The line asks for your location ",
    button("Share", "share-location", () => openLocationForm(player(), chat), { data: { key: "share" } }),
  ],
  "contact_card.received": ({ first_name: first, last_name: last, sender_handle: by }) => contact(`${first} ${last}`.trim(), by),
  "contact_card.shared": (_, chat) => contact("The line shared its contact card", chat.line),
};

const describe = ({ type, style, variant }) => [type, style, variant].filter(Boolean).join(" ");

function picture(url) {
  const src = ownFile(url);
  const error = (event) => event.target.remove();
  return src && el("img", { src, alt: "", class: "group-picture", on: { error } });
}

const failed = (text, code) => el("span", { class: "failure", testid: "failure", data: { code } }, `${text} (${explained(code)})`);

const contact = (title, handle) =>
  el("span", { class: "card contact" }, icon("card"), el("span", {}, el("strong", {}, bdi(title)), bdi(handle)));

const PAYMENTS = { requested: "Payment requested", succeeded: "Paid" };

export function note({ event_type: type, data: given }, chat) {
  const data = given ?? {};
  const text = TEXTS[type];
  if (text) return text(data, chat);
  if (data.amount !== undefined && data.currency) {
    return `${PAYMENTS[data.status] ?? `Payment ${data.status}`}: ${money(data.amount, data.currency)}`;
  }
  return type;
}
