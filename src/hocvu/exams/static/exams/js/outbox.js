// What is known of each answer of an attempt on this device, and which have still to arrive.
//   const outbox = await Outbox.open("7");
//   await outbox.put(answer)   → whether it would survive the page being closed
//   outbox.waiting()           → answers without a receipt, oldest first, files last
//   outbox.of("12")            → what stands here, arrived or not
// One answer a question: the one with the greatest sequence. Answers that arrived stay too, so that
// a page loaded again without a network shows them.

import { openPlace } from "./keeping.js";

export class Outbox {
  #place; #answers = new Map();

  static async open(attempt) {
    const outbox = new Outbox();
    outbox.#place = await openPlace(attempt);
    for (const answer of await outbox.#place.all().catch(() => [])) outbox.#answers.set(answer.question, answer);
    return outbox;
  }

  get lasts() { return this.#place.lasts; }

  of(question) { return this.#answers.get(String(question)) ?? null; }
  all() { return [...this.#answers.values()]; }
  isWaiting(question) { const answer = this.of(question); return Boolean(answer && !answer.receipt); }

  waiting() {
    const waiting = this.all().filter((answer) => !answer.receipt);
    return waiting.sort((one, other) => Boolean(one.file) - Boolean(other.file) || one.sequence - other.sequence);
  }

  get sequence() { return Math.max(0, ...this.all().map((answer) => answer.sequence)); }

  // Also what another window of this browser tells of: then it is in storage already.
  note(answer) {
    const before = this.of(answer.question);
    if (before && (before.sequence > answer.sequence || (before.sequence === answer.sequence && before.receipt))) return false;
    this.#answers.set(answer.question, answer);
    return true;
  }

  async put(answer) {
    if (!this.note(answer)) return true;
    try { return await this.#place.put(answer); } catch { return false; }
  }

  // The server's word on a question. A newer choice made here meanwhile stays, and stays waiting.
  async stands({ question, chosen, sequence, receipt }) {
    const before = this.of(question);
    if (before && before.sequence > sequence) return false;
    const stands = { question: String(question), lines: chosen, sequence, clientId: before?.clientId ?? "", receipt };
    this.#answers.set(stands.question, stands);
    await this.#place.put(stands).catch(() => false);
    return true;
  }

  // Not to be sent again: it was refused, or came too late.
  async takeOut(answer) {
    if (this.of(answer.question)?.clientId !== answer.clientId) return;
    this.#answers.delete(answer.question);
    await this.#place.remove(answer.question).catch(() => {});
  }

  async clear() {
    this.#answers.clear();
    await this.#place.clear().catch(() => {});
  }
}
