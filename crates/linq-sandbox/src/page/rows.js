// A list of many rows, of which only those on the screen are elements.

import { byId, el, keyed, memo } from "./dom.js";

const HEIGHT = 30;
const AROUND = 6;

export class Rows {
  #box;
  #list;
  #items = [];
  #keys = [];
  #selected = null;
  #show;
  #open;
  #due = false;

  /** `show` returns the signature of a row and what builds it; `open` is called with the row that is chosen. */
  constructor(box, label, show, open) {
    this.#box = box;
    this.#show = show;
    this.#open = open;
    const on = { keydown: (event) => this.#onKey(event) };
    this.#list = el("div", { class: "rows", role: "listbox", label, tabIndex: 0, on });
    box.append(this.#list);
    box.addEventListener("scroll", () => this.#later(), { passive: true });
    new ResizeObserver(() => this.#later()).observe(box);
  }

  /** Shows these items. The scroll position stays on the same rows, or at the end if it was there. */
  set(items, keyOf) {
    const box = this.#box;
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < HEIGHT;
    const first = this.#keys[Math.floor(box.scrollTop / HEIGHT)];
    const rest = box.scrollTop % HEIGHT;
    this.#items = items;
    this.#keys = items.map(keyOf);
    this.#list.style.height = `${items.length * HEIGHT}px`;
    const kept = first === undefined ? -1 : this.#keys.indexOf(first);
    if (atEnd) box.scrollTop = box.scrollHeight;
    else if (kept >= 0) box.scrollTop = kept * HEIGHT + rest;
    this.#render();
  }

  select(key) {
    this.#selected = key;
    this.#render();
  }

  #later() {
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      this.#render();
    });
  }

  #render() {
    const { scrollTop, clientHeight } = this.#box;
    const start = Math.max(0, Math.floor(scrollTop / HEIGHT) - AROUND);
    const end = Math.min(this.#items.length, Math.ceil((scrollTop + clientHeight) / HEIGHT) + AROUND);
    const shown = [];
    for (let index = start; index < end; index += 1) shown.push({ index, key: this.#keys[index], item: this.#items[index] });
    keyed(this.#list, shown, (row) => row.key, (row) => this.#create(row), (node, row) => this.#update(node, row));
    const active = this.#selected !== null && shown.some((row) => row.key === this.#selected);
    if (active) this.#list.setAttribute("aria-activedescendant", this.#idOf(this.#selected));
    else this.#list.removeAttribute("aria-activedescendant");
  }

  #idOf(key) {
    return `${this.#box.id}-${key}`.replaceAll(" ", "-");
  }

  #create({ key }) {
    const click = () => {
      this.select(key);
      this.#open(this.#items[this.#keys.indexOf(key)]);
    };
    const about = { class: "log-row", role: "option", id: this.#idOf(key), data: { key: String(key) } };
    return el("div", { ...about, testid: "log-row", on: { click } });
  }

  #update(node, { index, key, item }) {
    const { signature, build } = this.#show(item);
    memo(node, signature, build);
    node.style.transform = `translateY(${index * HEIGHT}px)`;
    node.setAttribute("aria-posinset", String(index + 1));
    node.setAttribute("aria-setsize", String(this.#items.length));
    node.setAttribute("aria-selected", String(key === this.#selected));
  }

  #onKey(event) {
    const at = this.#keys.indexOf(this.#selected);
    const page = Math.max(1, Math.floor(this.#box.clientHeight / HEIGHT) - 1);
    const last = this.#keys.length - 1;
    const steps = { ArrowDown: at + 1, ArrowUp: at < 0 ? last : at - 1, PageDown: at + page, PageUp: at - page };
    const to = { ...steps, Home: 0, End: last }[event.key];
    if (to !== undefined && last >= 0) {
      event.preventDefault();
      const index = Math.max(0, Math.min(last, to));
      this.#reveal(index);
      this.select(this.#keys[index]);
      // An open detail follows the selection.
      if (!byId("detail").hidden) this.#open(this.#items[index]);
    } else if ((event.key === "Enter" || event.key === " ") && at >= 0) {
      event.preventDefault();
      this.#open(this.#items[at]);
    }
  }

  #reveal(index) {
    const { scrollTop, clientHeight } = this.#box;
    const top = index * HEIGHT;
    if (top < scrollTop) this.#box.scrollTop = top;
    else if (top + HEIGHT > scrollTop + clientHeight) this.#box.scrollTop = top + HEIGHT - clientHeight;
  }
}
