// Effects of messages, shown simply.

import { byId, el } from "./dom.js";

/** How many pieces an effect has, if not 16. */
const PIECES = { celebration: 28, confetti: 40, fireworks: 24, lasers: 7, love: 1, sparkles: 28, spotlight: 1 };
const SHOWN_FOR = 2_600;

export const effectName = ({ name }) => {
  const words = (name ?? "an effect").split("_");
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" ");
};

/** Plays an effect on its bubble or over the conversation. */
export function play({ type, name }, node) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const onBubble = type === "bubble" || name === "echo";
  const target = onBubble ? node : byId("overlay");
  const kind = `effect-${String(name).replace(/[^a-z_]/g, "")}`;
  if (!onBubble) target.replaceChildren(...Array.from({ length: PIECES[name] ?? 16 }, piece));
  target.classList.remove(kind);
  // Reading a size restarts the animation.
  void target.offsetWidth;
  target.classList.add(kind);
  setTimeout(() => {
    target.classList.remove(kind);
    if (!onBubble) target.replaceChildren();
  }, SHOWN_FOR);
}

function piece(_, index) {
  const node = el("i");
  node.style.setProperty("--x", `${Math.random() * 100}%`);
  node.style.setProperty("--y", `${15 + Math.random() * 60}%`);
  node.style.setProperty("--turn", `${Math.random() * 360}deg`);
  node.style.setProperty("--wait", `${Math.random() * 0.8}s`);
  node.style.setProperty("--color", `hsl(${(index * 67) % 360} 85% 60%)`);
  return node;
}
