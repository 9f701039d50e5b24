// The control endpoints of the sandbox.

import { credential } from "./session.js";

export async function call(method, path, body, type = "application/json") {
  const headers = { Authorization: `Bearer ${credential()}` };
  if (body !== undefined) headers["Content-Type"] = type;
  const raw = body === undefined || body instanceof Blob;
  let response;
  try {
    response = await fetch(`/sandbox/${path}`, { method, headers, body: raw ? body : JSON.stringify(body) });
  } catch {
    throw new Error("The sandbox does not respond.");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error?.message ?? `The sandbox responded with status ${response.status}.`);
  return answer;
}

const enc = encodeURIComponent;

export const act = (handle, action, body = {}) => call("POST", `people/${enc(handle)}/${action}`, body);
export const changeLine = (line, action, body = {}) => call("POST", `lines/${enc(line)}/${action}`, body);
export const advance = (seconds) => call("POST", "advance", { seconds });
export const upload = (file) =>
  call("POST", `attachments?filename=${enc(file.name || "file")}`, file, file.type || "application/octet-stream");
