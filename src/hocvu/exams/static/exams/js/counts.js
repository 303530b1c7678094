// How many questions are answered, how many words a text has.
//   showCount(element, groups, words, outbox);  countWords(group, words)

import { linesOf } from "./controls.js";

export function showCount(element, groups, words, outbox) {
  const n = groups.filter((group) => linesOf(group).length || outbox.of(group.dataset.question)?.file).length;
  element.querySelector("[data-answered]").textContent = words.of("answered", { n, all: groups.length });
}

export function countWords(group, words) {
  const shown = group.querySelector("[data-words]");
  if (shown) shown.textContent = words.of("words", { n: group.querySelector("textarea").value.split(/\s+/).filter(Boolean).length });
}
