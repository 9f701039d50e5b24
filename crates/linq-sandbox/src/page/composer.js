// Writes messages as the person who is played.

import { act, upload } from "./api.js";
import { bdi, byId, el, icon, iconButton, keyed } from "./dom.js";
import { draft, setDraft } from "./session.js";
import { chat, onChange, others, player, state } from "./state.js";
import { size } from "./text.js";
import { attempt } from "./toast.js";
import { openChat } from "./view.js";

const TYPING_AGAIN = 5_000;
const TYPING_ENDS = 3_000;

const text = () => byId("text");
/** The message that is replied to or edited: `{ mode, message, index }`. */
let context = null;
let attached = [];
let place = null;
let sending = Promise.resolve();
let typing = null;

export function startComposer() {
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  text().addEventListener("keydown", onKey);
  text().addEventListener("input", onInput);
  text().addEventListener("blur", stopTyping);
  addEventListener("resize", grow);
  text().addEventListener("paste", (event) => attach(event.clipboardData.files));
  byId("file").addEventListener("change", (event) => {
    attach(event.target.files);
    event.target.value = "";
  });
  byId("phone").addEventListener("dragover", (event) => event.preventDefault());
  byId("phone").addEventListener("drop", (event) => {
    event.preventDefault();
    attach(event.dataTransfer.files);
  });
  onChange(["view", "chats", "people", "whole"], render);
}

export function reply(message, index) {
  setContext({ mode: "reply", message, index });
}

export function edit(message, index) {
  setContext({ mode: "edit", message, index });
  text().value = message.parts[index].value;
  grow();
}

function setContext(to) {
  if (context?.mode === "edit") text().value = draft(place);
  context = to;
  byId("context").hidden = !to;
  if (!to) return;
  const part = to.message.parts[to.index];
  const about = part?.value ?? part?.filename ?? "a message";
  const cancel = iconButton("close", "Cancel", "context-cancel", () => setContext(null));
  byId("context").replaceChildren(el("p", {}, to.mode === "edit" ? "Editing: " : "Replying to: ", bdi(about)), cancel);
  text().focus();
}

const placeOf = (id, me) => `${id ?? "new"} ${me ?? ""}`;

function render() {
  const of = chat();
  const me = player();
  const here = placeOf(state.view.chat, me);
  if (here !== place) {
    stopTyping();
    place = here;
    setContext(null);
    setAttached([]);
    text().value = draft(place);
    grow();
  }
  const left = of && others(of).find((member) => member.handle === me)?.status !== "active";
  const disabled = !me || Boolean(left);
  for (const id of ["text", "send", "actions"]) byId(id).disabled = disabled;
  const service = of?.service ?? state.people.get(me)?.service ?? "iMessage";
  byId("phone").dataset.service = service.toLowerCase();
  const kind = service === "iMessage" ? "iMessage" : `Text message · ${service}`;
  text().placeholder = left ? `${me} is not in this group any more` : kind;
}

function onKey(event) {
  if (event.key === "Escape" && context) {
    event.stopPropagation();
    setContext(null);
  }
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
}

function onInput() {
  if (context?.mode !== "edit") setDraft(place, text().value);
  grow();
  type();
}

function grow() {
  text().style.height = "";
  // It has no height while another pane is shown.
  const { scrollHeight } = text();
  if (scrollHeight > 0) text().style.height = `${scrollHeight + 2}px`;
}

function send() {
  const written = text().value.trim();
  const files = attached.map(({ file }) => file);
  if ((!written && files.length === 0) || text().disabled) return;
  const job = { me: player(), chatId: state.view.chat, to: state.view.to, written, files, context, at: place };
  if (context?.mode !== "edit") setDraft(place, "");
  setContext(null);
  text().value = draft(place);
  setAttached([]);
  grow();
  forgetTyping();
  sending = sending.then(() => deliver(job));
}

async function deliver(job) {
  const done = await attempt(post(job));
  if (done) {
    if (job.chatId || !done.chat_id || place !== job.at) return;
    // What was written in the meantime goes on in the new chat.
    setDraft(placeOf(done.chat_id, job.me), text().value);
    setDraft(job.at, "");
    openChat(done.chat_id, job.me);
    return;
  }
  // What could not be sent is there to be sent again.
  if (job.context?.mode === "edit" || draft(job.at)) return;
  setDraft(job.at, job.written);
  if (job.at === place && !text().value) text().value = job.written;
  grow();
}

async function post({ me, chatId, to, written, files, context: about }) {
  if (about?.mode === "edit") {
    return act(me, "edits", { message_id: about.message.id, text: written, part_index: about.index });
  }
  const parts = [];
  for (const file of files) {
    const { attachment_id: id } = await upload(file);
    parts.push({ type: "media", attachment_id: id });
  }
  if (written) parts.push({ type: "text", value: written });
  const message = { parts };
  if (about) return act(me, "replies", { message_id: about.message.id, message });
  if (chatId) return act(me, "sends_into", { chat_id: chatId, message });
  return act(me, "sends", { message, to });
}

function attach(files) {
  setAttached([...attached, ...[...files].map((file) => ({ file, url: URL.createObjectURL(file) }))]);
}

function setAttached(to) {
  for (const { url } of attached) if (!to.some((other) => other.url === url)) URL.revokeObjectURL(url);
  attached = to;
  keyed(byId("attached"), attached, ({ url }) => url, attachment, () => {});
}

function attachment(of) {
  const remove = () => setAttached(attached.filter((other) => other !== of));
  const sign = of.file.type.startsWith("image/") ? el("img", { src: of.url, alt: "" }) : icon("file");
  const about = el("span", {}, bdi(of.file.name), " ", el("small", {}, size(of.file.size)));
  return el("li", {}, sign, about, iconButton("close", `Remove ${of.file.name}`, "attached-remove", remove));
}

/** Says that the person types: again every few seconds, and that they stopped once nothing comes any more. */
function type() {
  if (!chat() || !text().value || context?.mode === "edit") return stopTyping();
  const { id } = chat();
  const me = player();
  if (!typing || Date.now() - typing.at > TYPING_AGAIN) {
    clearTimeout(typing?.timer);
    typing = { id, me, at: Date.now() };
    act(me, "types", { chat_id: id }).catch(() => {});
  }
  clearTimeout(typing.timer);
  typing.timer = setTimeout(stopTyping, TYPING_ENDS);
  return undefined;
}

function stopTyping() {
  if (!typing) return;
  const { me, id } = typing;
  forgetTyping();
  act(me, "stops_typing", { chat_id: id }).catch(() => {});
}

function forgetTyping() {
  clearTimeout(typing?.timer);
  typing = null;
}

export function chooseFiles() {
  byId("file").click();
}
