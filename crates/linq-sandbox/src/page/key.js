import { ask } from "./ask.js";
import { setCredential } from "./session.js";

let asking = null;

/** Asks for the API key, until there is one. */
export function askForKey(wasRefused) {
  asking ??= ask({
    title: wasRefused ? "The sandbox does not accept this key or token any more" : "This page needs the sandbox's API key",
    hint: "It is what the sandbox was started with. It is kept in this tab only.",
    submit: "Open",
    testid: "key-form",
    mandatory: true,
    fields: [{ name: "key", label: "API key", type: "password", required: true, autocomplete: "off" }],
  }).then(({ key }) => {
    setCredential(key);
    asking = null;
  });
  return asking;
}
