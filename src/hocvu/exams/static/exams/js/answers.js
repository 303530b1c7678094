// The questions of the page: what is given in them, what is known of it, and what is shown.
//   const answers = new Answers(element, words, outbox, { given(answer) });
//   answers.stands(told): the server's word;  answers.heard(message): another window's

import { isText, linesOf, sameLines, show } from "./controls.js";
import { countWords, showCount } from "./counts.js";
import { chosenFile, fileFieldOf, showFile, showProgress } from "./file-answer.js";
import { enhanceOrder, followOrder } from "./order-list.js";
import { QuestionMap } from "./question-map.js";
import { Typing } from "./typing.js";
import { newId } from "./identifiers.js";

export class Answers {
  #element; #words; #outbox; #given; #map; #typing; #sequence; #loaded = performance.now(); #now; #fileNames = new Map();

  constructor(element, words, outbox, { given }) {
    [this.#element, this.#words, this.#outbox, this.#given] = [element, words, outbox, given];
    this.#now = Number(element.getAttribute("now"));
    this.#map = new QuestionMap(element, words);
    this.#typing = new Typing((group) => this.#give(group));
    this.#sequence = Math.max(outbox.sequence, ...this.#groups().map((group) => Number(group.dataset.sequence)));
    for (const group of this.#groups()) this.#begin(group);
    element.addEventListener("input", ({ target }) => { if (isText(target)) this.#wrote(target); });
    element.addEventListener("change", ({ target }) => this.#changed(target));
    this.#count();
  }

  #groups() { return [...this.#element.querySelectorAll("[data-question]")]; }
  #group(question) { return this.#element.querySelector(`[data-question="${Number(question)}"]`); }
  addressOfFile(question) { return fileFieldOf(this.#group(question)).dataset.file; }
  finishTyping() { this.#typing.all(); }

  // What this device knows is newer than a page that was kept, or as new.
  #begin(group) {
    const order = group.querySelector("[data-order]");
    if (order) enhanceOrder(order, (moved) => this.#words.announce(this.#words.of("moved", moved)), () => this.#give(group));
    const known = this.#outbox.of(group.dataset.question);
    if (known && known.sequence > Number(group.dataset.sequence)) this.#showKnown(group, known);
    countWords(group, this.#words);
  }

  // ---- given here ----

  #wrote(field) {
    const group = field.closest("[data-question]");
    this.#typing.wrote(group, field.matches("textarea"));
    countWords(group, this.#words);
    this.#count();
  }

  #changed(field) {
    const group = field.closest("[data-question]");
    if (!group) return;
    if (field.matches("[data-file]")) this.#giveFile(group, field);
    else if (isText(field)) this.#typing.now(group);
    else this.#give(group);
  }

  async #give(group, file = null) {
    const lines = linesOf(group), before = this.#outbox.of(group.dataset.question);
    if (!file && before && sameLines(before.lines, lines)) return;
    this.#sequence = Math.max(this.#sequence + 1, Math.floor(this.#now + performance.now() - this.#loaded));
    const answer = { question: group.dataset.question, lines, sequence: this.#sequence, clientId: newId(), receipt: "", ...file };
    const kept = this.#outbox.put(answer);
    this.#tell(group, answer);
    this.#given(answer);
    if (!(await kept) && this.#outbox.isWaiting(answer.question)) this.#words.beside(group, this.#words.of("only-here"), "is-kept");
  }

  #giveFile(group, field) {
    const { file, problem } = chosenFile(field, this.#words);
    if (problem) this.#words.beside(group, problem, "is-refused");
    if (!file) return;
    this.#fileNames.set(group.dataset.question, file.name);
    this.#give(group, { file, fileName: file.name });
  }

  // ---- told by the server, by another window ----

  async stands(told) {
    const group = this.#group(told.question);
    if (!group) return;
    this.#sequence = Math.max(this.#sequence, told.sequence);
    const before = this.#outbox.of(told.question);
    if (!(await this.#outbox.stands(told)) || this.#typing.isWriting(group)) return;
    if (before && before.sequence < told.sequence) this.#words.announce(this.#words.of("changed", { n: group.dataset.number }));
    this.#showKnown(group, this.#outbox.of(told.question));
  }

  heard({ given, stands }) {
    if (stands) this.stands(stands);
    else if (this.#outbox.note(given)) {
      this.#sequence = Math.max(this.#sequence, given.sequence);
      this.#showKnown(this.#group(given.question), given);
    }
  }

  late(answer, sentence) { this.#said(answer, sentence || this.#words.of("late"), "is-kept"); }
  refused(answer, sentence) { this.#said(answer, sentence, "is-refused"); }
  progress(answer, share) { showProgress(this.#group(answer.question), this.#words, share); }

  #said(answer, sentence, state) {
    const group = this.#group(answer.question);
    if (fileFieldOf(group)) showProgress(group, this.#words, null);
    this.#words.beside(group, sentence, state);
    this.#map.mark(answer.question, Number(group.dataset.sequence) ? "saved" : "none");
  }

  // ---- shown ----

  #showKnown(group, answer) {
    group.dataset.sequence = answer.receipt ? answer.sequence : group.dataset.sequence;
    if (fileFieldOf(group) && !answer.file) showFile(group, answer.lines, this.#words, this.#fileNames.get(group.dataset.question));
    if (!answer.file && !sameLines(linesOf(group), answer.lines)) {
      show(group, answer.lines);
      followOrder(group.querySelector("[data-order]"));
      countWords(group, this.#words);
    }
    this.#tell(group, answer);
  }

  #tell(group, answer) {
    if (answer.receipt) this.#words.beside(group, `${this.#words.of("saved")} · ${answer.receipt}`);
    else this.#words.beside(group, this.#words.of("kept"), "is-kept");
    const isEmpty = !answer.lines.length && !answer.file;
    this.#map.mark(answer.question, answer.receipt ? (isEmpty ? "none" : "saved") : "kept");
    this.#count();
  }

  #count() { showCount(this.#element, this.#groups(), this.#words, this.#outbox); }
}
