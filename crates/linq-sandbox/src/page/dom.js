// Builds the page's elements. Strings become text nodes, never markup.

const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Replaces control characters, ANSI escapes among them, with symbols that can be seen. */
export function visible(text) {
  return String(text).replace(CONTROLS, (character) => {
    const code = character.charCodeAt(0);
    if (code === 0x7f) return "\u2421";
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : `\u241b${String.fromCharCode(code - 0x40)}`;
  });
}

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "selected", "open", "tabIndex"]);
const ATTRIBUTES = { label: "aria-label", testid: "data-testid" };

/** Creates an element. `on` has listeners, `data` what `data-` attributes have, `label` is what is read out. */
export function el(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (PROPERTIES.has(name)) node[name] = value;
    else node.setAttribute(ATTRIBUTES[name] ?? name, value === true ? "" : visible(value));
  }
  node.append(...nodes(children));
  return node;
}

/** Text of somebody else: its direction does not affect what is around it. */
export const bdi = (text) => el("bdi", {}, text);

export const button = (content, testid, click, options) =>
  el("button", { type: "button", testid, on: { click }, ...options }, content);

export const iconButton = (name, label, testid, click, options) =>
  button(icon(name), testid, click, { class: "icon", label, title: label, ...options });

function nodes(children) {
  const given = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
  return given.map((child) => (child instanceof Node ? child : document.createTextNode(visible(child))));
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export const byId = (id) => document.getElementById(id);

export function setText(node, text) {
  const shown = visible(text);
  if (node.textContent !== shown) node.textContent = shown;
}

/** Rebuilds the content of a node only if its signature changed. The focus stays on the element with the same key. */
export function memo(node, signature, build) {
  if (node.signature === signature) return false;
  node.signature = signature;
  const focused = node.contains(document.activeElement) && document.activeElement.dataset.key;
  node.replaceChildren(...nodes([build()]));
  if (focused) node.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  return true;
}

/** Makes the children of a node match the items: only what is new, gone, moved or changed is touched. */
export function keyed(parent, items, keyOf, create, update) {
  const before = parent.nodesByKey ?? new Map();
  const after = new Map();
  const focused = document.activeElement;
  for (const item of items) {
    const key = keyOf(item);
    after.set(key, before.get(key) ?? create(item));
  }
  for (const [key, node] of before) if (!after.has(key)) node.remove();
  let next = parent.firstChild;
  for (const item of items) {
    const node = after.get(keyOf(item));
    update(node, item);
    if (node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
  }
  parent.nodesByKey = after;
  if (focused !== document.activeElement && parent.contains(focused)) focused.focus({ preventScroll: true });
}

/** Arrow keys between the tabs of a list, as screen readers expect. */
export function tablist(list, select) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) select(tab);
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = tabs.indexOf(event.target);
    const to = Number.isFinite(step) ? (at + step + tabs.length) % tabs.length : step < 0 ? 0 : tabs.length - 1;
    tabs[to].focus();
    select(tabs[to]);
  });
  return (selected) => {
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", String(tab === selected));
      tab.tabIndex = tab === selected ? 0 : -1;
    }
  };
}
