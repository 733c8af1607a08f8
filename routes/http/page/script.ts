/**
 * What pages do more of where scripts run: copying, finding while one types,
 * times by one's own clock, closing. Everything works without; nothing here
 * fetches, stores or reads anything. `script_hash.ts` has its digest.
 *
 * @module
 */

/** Inline at the end of every page. */
export const SCRIPT = `(() => {
"use strict";
const root = document.documentElement;
root.classList.add("js");
const each = (query, run) => document.querySelectorAll(query).forEach(run);
each("[data-copy]", (button) => button.addEventListener("click", async () => {
  const from = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(from.value ?? from.textContent);
  } catch {
    getSelection().selectAllChildren(from);
    return;
  }
  const label = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => button.textContent = label, 2000);
}));
each("[data-close]", (button) => button.addEventListener("click", () => close()));
each("time[datetime]", (time) => {
  const at = new Date(time.dateTime);
  const how = time.dataset.clock === undefined
    ? { dateStyle: "medium", timeStyle: "short" } : { timeStyle: "short" };
  if (time.dataset.ago === undefined) time.textContent = at.toLocaleString(root.lang, how);
  else time.title = at.toLocaleString(root.lang, { dateStyle: "medium", timeStyle: "short" });
});
each("input[data-find]", (input) => input.addEventListener("input", () => {
  const wanted = input.value.trim().toLowerCase();
  let count = 0;
  each("[data-name]", (card) => {
    card.hidden = !card.dataset.name.includes(wanted);
    if (!card.hidden) count++;
  });
  each("[data-group]", (group) => group.hidden = !group.querySelector("[data-name]:not([hidden])"));
  each("[data-none]", (none) => none.hidden = count > 0);
}));
})();`;
