// Text of messages: decorated, with mentions and links.

import { bdi, el, visible } from "./dom.js";

const URLS = /https?:\/\/[^\s<>"\u0000-\u001f]+/gi;
const TRAILING = /[.,;:!?'’”)\]}]+$/;

/** Returns the URL if it leads to the web. */
export function webUrl(text) {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/** A link that opens in a new tab; plain text unless it leads to the web. */
export function link(url, ...content) {
  const href = webUrl(url);
  const shown = content.length > 0 ? content : [url];
  if (!href) return bdi(shown);
  return el("a", { href, target: "_blank", rel: "noreferrer noopener" }, bdi(shown));
}

export function urlsIn(text) {
  return [...text.matchAll(URLS)].map((match) => {
    const [url] = match;
    return { start: match.index, end: match.index + url.replace(TRAILING, "").length };
  });
}

/** Shows a text part. `sticker` shows an inline sticker. */
export function textPart(part, sticker) {
  const text = part.value;
  const range = (of) => of.range ?? [0, 0];
  const look = ({ style, animation }) => (style ? `style-${style}` : `animated-${animation}`);
  const spans = [
    ...(part.text_decorations ?? []).map((of) => ({ range: range(of), class: look(of) })),
    ...(part.mentions ?? []).map((of) => ({ range: range(of), class: "mention", title: of.handle })),
    ...urlsIn(text).map(({ start, end }) => ({ range: [start, end], url: text.slice(start, end) })),
    ...(part.inline_stickers ?? []).map((of) => ({ range: range(of), sticker: of })),
  ];
  const cuts = new Set([0, text.length, ...spans.flatMap((span) => span.range)]);
  const edges = [...cuts].filter((at) => at >= 0 && at <= text.length).sort((a, b) => a - b);
  const pieces = edges.slice(0, -1).map((start, index) => {
    const end = edges[index + 1];
    const over = spans.filter((span) => span.range[0] <= start && span.range[1] >= end);
    const inline = over.find((span) => span.sticker);
    if (inline) return inline.range[0] === start && sticker(inline.sticker);
    const piece = text.slice(start, end);
    const url = over.find((span) => span.url)?.url;
    const classes = over.map((span) => span.class).filter(Boolean);
    const content = url ? link(url, piece) : piece;
    if (classes.length === 0) return content;
    return el("span", { class: classes.join(" "), title: over.find((span) => span.title)?.title }, content);
  });
  return el("p", { class: isEmoji(text) ? "text emoji" : "text", dir: "auto" }, pieces);
}

const isEmoji = (text) => /^(\p{Extended_Pictographic}[\u200d\ufe0f\p{Emoji_Modifier}]*){1,3}$/u.test(text);

const minutes = { hour: "2-digit", minute: "2-digit" };
const time = new Intl.DateTimeFormat(undefined, minutes);
const exactTime = new Intl.DateTimeFormat(undefined, { ...minutes, second: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" });
const fullDay = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

export const clockTime = (at) => time.format(new Date(at));
export const exactClockTime = (at) => exactTime.format(new Date(at));
export const dayAndTime = (at) => `${day.format(new Date(at))}, ${clockTime(at)}`;
export const longDay = (at) => fullDay.format(new Date(at));

export function money(amount, currency) {
  try {
    const format = new Intl.NumberFormat(undefined, { style: "currency", currency });
    return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
  } catch {
    return visible(`${amount} ${currency}`);
  }
}

/** A round sign for a person: the first letters of an email address, the last digits of a number. */
export function avatar(handle) {
  const sign = handle.includes("@") ? handle.slice(0, 1).toUpperCase() : handle.slice(-2);
  return el("span", { class: "avatar", data: { hue: hue(handle) }, "aria-hidden": "true" }, sign);
}

function hue(handle) {
  let sum = 0;
  for (const character of handle) sum = (sum * 31 + character.codePointAt(0)) % 8_191;
  return String(sum % 6);
}

export function size(bytes) {
  if (!(bytes >= 0)) return "";
  const units = ["bytes", "kB", "MB", "GB"];
  const power = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  return `${power ? (bytes / 1000 ** power).toFixed(1) : bytes} ${units[power]}`;
}
