// A dialog with a form.

import { button, el } from "./dom.js";
import { toast } from "./toast.js";

let count = 0;

/**
 * Shows a dialog and returns the values of its fields, or `null` if it was closed.
 * `apply`, if any, gets the values; the dialog stays open while it fails.
 */
export function ask({ title, hint, fields, submit, apply, danger, extra, testid, mandatory }) {
  return new Promise((resolve) => {
    const id = `ask-${(count += 1)}`;
    let values = null;
    const send = el("button", { type: "submit", class: danger ? "danger" : "primary", testid: `${testid}-submit` }, submit);
    const cancel = !mandatory && button("Cancel", `${testid}-cancel`, () => dialog.close());
    const form = el(
      "form",
      { method: "dialog", testid: testid, on: { submit: onSubmit } },
      el("h2", { id }, title),
      hint && el("p", { class: "hint" }, hint),
      fields.map((given) => field(given, testid)),
      el("div", { class: "buttons" }, extra?.(() => dialog.close()), cancel, send),
    );
    const onCancel = (event) => mandatory && event.preventDefault();
    const dialog = el("dialog", { "aria-labelledby": id, on: { close: onClose, cancel: onCancel } }, form);
    document.body.append(dialog);
    dialog.showModal();

    async function onSubmit(event) {
      event.preventDefault();
      const given = read(form, fields);
      send.disabled = true;
      try {
        await apply?.(given);
        values = given;
        dialog.close();
      } catch (error) {
        toast(error.message);
      }
      send.disabled = false;
    }

    function onClose() {
      dialog.remove();
      resolve(values);
    }
  });
}

function field({ name, label, type = "text", value, options, suggestions, hint, ...rest }, testid) {
  const common = { name, testid: `${testid}-${name}`, ...rest };
  if (type === "checkbox") {
    return el("label", { class: "check" }, el("input", { ...common, type, checked: value }), label);
  }
  const offers = suggestions?.map((text) => el("option", { value: text }));
  const list = offers && el("datalist", { id: `${name}-suggestions` }, offers);
  let input;
  if (options) input = el("select", common, options.map((text) => el("option", { selected: text === value }, text)));
  else if (type === "textarea") input = el("textarea", { ...common, rows: 3, value: value ?? "", dir: "auto" });
  else input = el("input", { type, autocomplete: "off", ...common, value: value ?? "", list: list && list.id });
  return el("label", {}, el("span", {}, label), input, list, hint && el("small", {}, hint));
}

function read(form, fields) {
  const value = ({ name, type }) => (type === "checkbox" ? form.elements[name].checked : form.elements[name].value.trim());
  return Object.fromEntries(fields.map((of) => [of.name, value(of)]));
}
