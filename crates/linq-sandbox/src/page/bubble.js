// The parts of messages as bubbles.

import { act } from "./api.js";
import { bdi, button, el, icon } from "./dom.js";
import { now, ownFile, player, state } from "./state.js";
import { clockTime, link, money, size, textPart, urlsIn } from "./text.js";
import { attempt } from "./toast.js";

/** Returns the kind of a part, as `data-kind` has it. */
export function kindOf(part) {
  if (part.type !== "media") return part.type === "imessage_app" ? "app" : part.type;
  const [kind] = part.mime_type.split("/");
  return ["image", "audio", "video"].includes(kind) ? kind : "file";
}

export function bubble(part, message) {
  switch (part.type) {
    case "text":
      return [textPart(part, inlineSticker), payments(part.value, message)];
    case "media":
      return media(part);
    case "link":
      return payments(part.value, message) || card("link", el("strong", {}, host(part.value)), link(part.value));
    case "imessage_app":
      return appCard(part);
    case "app_clip":
      return card("app", el("strong", {}, part.title ?? "App Clip"), part.description && bdi(part.description), link(part.value));
    case "poll":
      return poll(part.poll, message);
    default:
      return el("p", { class: "text" }, `[${part.type}]`);
  }
}

const inlineSticker = (sticker) => picture(sticker.url, sticker.file_name, "inline-sticker");
const card = (sign, ...content) => el("div", { class: "card" }, icon(sign), el("div", {}, content));
const host = (url) => (URL.canParse(url) ? new URL(url).host : "Link");

function media(part) {
  const url = ownFile(part.url);
  const kind = kindOf(part);
  if (!url || kind === "file") return file(part, url);
  if (kind === "image") return picture(part.url, part.filename, "picture", () => file(part, url));
  const player = el(kind, { controls: true, preload: "metadata", src: url, label: part.filename });
  return [player, el("p", { class: "caption" }, bdi(part.filename))];
}

function picture(url, name, kind, fallback = () => el("span", { class: "no-picture" }, bdi(name))) {
  const own = ownFile(url);
  if (!own) return fallback();
  const error = (event) => event.target.replaceWith(fallback() ?? "");
  return el("img", { src: own, alt: name, title: name, class: kind, on: { error } });
}

function file(part, url) {
  const facts = el("small", {}, `${part.mime_type} · ${size(part.size_bytes)}`);
  const about = el("span", {}, el("strong", {}, bdi(part.filename)), facts);
  if (!url) return el("div", { class: "card file" }, icon("file"), about);
  return el("a", { class: "card file", href: url, download: part.filename }, icon("file"), about);
}

function appCard({ app = {}, layout = {}, url, fallback_text: fallback }) {
  const line = (left, right, kind) =>
    (left || right) && el("p", { class: kind }, bdi(left ?? ""), right && bdi(right));
  return el(
    "div",
    { class: "app" },
    layout.image_url && picture(layout.image_url, layout.image_title ?? "", "picture", () => null),
    line(layout.image_title, null, "strong"),
    line(layout.image_subtitle, null, "caption"),
    line(layout.caption ?? fallback, layout.trailing_caption, "strong"),
    line(layout.subcaption, layout.trailing_subcaption, "caption"),
    el("footer", {}, icon("app"), bdi(app.name ?? "App"), url && link(url, "Open")),
  );
}

function poll({ options, total_voters: total }, message) {
  const me = player();
  const vote = (option, mine) =>
    attempt(act(me, mine ? "takes_vote_back" : "votes", { message_id: message.id, option_id: option }));
  return el(
    "div",
    { class: "poll", role: "group", label: "Poll" },
    options.map(({ option_id: id, text, voters }) => {
      const mine = voters.some((voter) => voter.handle === me);
      const names = voters.map((voter) => voter.handle).join(", ");
      const share = el("meter", { min: 0, max: Math.max(1, total), value: voters.length, "aria-hidden": "true" });
      const votes = el("span", { class: "hidden-text" }, voters.length === 1 ? " vote" : " votes");
      const content = [bdi(text), el("span", { class: "votes" }, voters.length, votes), share];
      const options = { "aria-pressed": String(mine), title: names, data: { option: id, key: id } };
      return button(content, "poll-option", () => vote(id, mine), options);
    }),
    el("p", { class: "caption" }, total === 1 ? "1 person voted" : `${total} people voted`),
  );
}

/** Returns the payment requests that a message asks to pay. */
export function requestsIn(message) {
  if (state.payments.size === 0) return [];
  const texts = message.parts.filter((part) => part.type === "text" || part.type === "link").map((part) => part.value);
  return texts.flatMap((text) => requestsOf(text));
}

function requestsOf(text) {
  const urls = urlsIn(text).map(({ start, end }) => text.slice(start, end));
  return [...state.payments.values()].filter((request) => urls.includes(request.checkout_url));
}

const payments = (text, message) => {
  const cards = requestsOf(text).map((request) => paymentCard(request, message.is_from_me));
  return cards.length > 0 && cards;
};

const STATUS = {
  requested: "Not paid yet",
  authorized: "Authorized",
  succeeded: "Paid",
  canceled: "Canceled",
  expired: "Expired",
  declined: "Declined",
};

export function paymentCard(request) {
  const open = request.status === "requested";
  const until = open && request.expires_at && ` · until ${clockTime(request.expires_at)}`;
  const interval = request.interval && el("small", {}, ` / ${request.interval}`);
  const pay = () => attempt(act(player(), "pays", { payment_request_id: request.id }));
  return el(
    "div",
    { class: "payment", data: { payment: request.id, status: request.status }, testid: "payment" },
    el("p", { class: "amount" }, money(request.amount, request.currency), interval),
    request.description && el("p", { dir: "auto" }, request.description),
    el("p", { class: "caption" }, STATUS[request.status] ?? request.status, until),
    open && button("Pay", "pay", pay, { class: "primary", data: { key: `pay-${request.id}` } }),
  );
}

export function sharingCard({ handle, latitude, longitude, address, locality, ends_at: end }, chatId) {
  const place = [address, locality].filter(Boolean).join(", ");
  const stop = () => attempt(act(handle, "stops_sharing_location", { chat_id: chatId }));
  const until = end && Date.parse(end) > now() && ` · until ${clockTime(end)}`;
  return el(
    "div",
    { class: "sharing", data: { handle }, testid: "sharing" },
    icon("place"),
    el(
      "div",
      {},
      el("p", {}, bdi(handle), " shares their location"),
      el("p", { class: "caption" }, bdi(place), place && " · ", `${latitude}, ${longitude}`, until),
    ),
    handle === player() && button("Stop", "stop-sharing", stop),
  );
}
