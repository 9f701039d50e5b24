// What this tab remembers: its credential, what it shows, drafts, and what was seen.

const get = (key) => sessionStorage.getItem(`linq.${key}`);
const put = (key, value) => {
  if (value) sessionStorage.setItem(`linq.${key}`, value);
  else sessionStorage.removeItem(`linq.${key}`);
};

export const credential = () => get("credential");
export const setCredential = (value) => put("credential", value);

export const draft = (place) => get(`draft.${place}`) ?? "";
export const setDraft = (place, text) => put(`draft.${place}`, text);

let seen = JSON.parse(get("seen") ?? "{}");

/** Returns how many messages of the line this tab has not shown yet. */
export const unread = (chat) => Math.max(0, chat.sent_by_line - (seen[chat.id] ?? 0));

export function markSeen(chat) {
  if (seen[chat.id] === chat.sent_by_line) return false;
  seen[chat.id] = chat.sent_by_line;
  put("seen", JSON.stringify(seen));
  return true;
}

export function forgetSeen() {
  seen = {};
  put("seen", "");
}

/** Takes the token out of the address, so that a copied address does not carry it. */
export function takeToken() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  if (!fragment.has("token")) return;
  setCredential(fragment.get("token"));
  fragment.delete("token");
  history.replaceState(null, "", `${location.pathname}#${fragment}`);
}

takeToken();

/** What is shown, from the fragment: `chat`, `as`, `to`, `tab`, `pane`. */
export const shown = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

export function show(view) {
  const given = Object.entries(view).filter(([, value]) => value);
  history.replaceState(null, "", `#${new URLSearchParams(given)}`);
}
