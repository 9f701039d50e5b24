import { byId, el, iconButton } from "./dom.js";

const SHOWN_FOR = 10_000;

export function toast(message) {
  const close = iconButton("close", "Dismiss", "toast-close", () => node.remove());
  const node = el("div", { class: "toast" }, el("p", {}, message), close);
  byId("toasts").append(node);
  setTimeout(() => node.remove(), SHOWN_FOR);
}

/** Waits for what a click started; an error of the API is shown. Returns `undefined` then. */
export async function attempt(promise) {
  try {
    return (await promise) ?? {};
  } catch (error) {
    toast(error.message);
    return undefined;
  }
}
