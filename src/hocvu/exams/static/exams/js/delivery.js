// Brings what waits in the outbox to the server, one after the other, for as long as it takes.
//   const delivery = new Delivery(outbox, { answer: "/…/answer/", file: (question) => "/…/files/12/" }, tell);
//   await delivery.flush()  → whether everything has arrived;  delivery.again(): a network is back
// `tell` answers: stands(told), late(answer, told), refused(answer, sentence), waiting(n),
// busy(n, seconds), signedOut(), stranger(), allArrived(), progress(answer, share).

import { upload } from "./upload.js";

const FIRST_WAIT = 1_000, LONGEST_WAIT = 30_000, PATIENCE = 10_000;
const TOO_MANY = 429, SERVER_ERROR = 500, NOT_THEIRS = [403, 404];

export const cookie = (name) => document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1] ?? "";
export const headers = () => ({ Accept: "application/json", "X-CSRFToken": cookie("csrftoken") });

export class Delivery {
  #outbox; #addresses; #tell; #sending = null; #failures = 0; #retry = 0;

  constructor(outbox, addresses, tell) {
    [this.#outbox, this.#addresses, this.#tell] = [outbox, addresses, tell];
  }

  stop() { clearTimeout(this.#retry); }
  again() { this.#failures = 0; return this.flush(); }

  // One at a time: two would only overtake each other.
  flush() {
    clearTimeout(this.#retry);
    this.#sending ??= this.#send().finally(() => { this.#sending = null; });
    return this.#sending;
  }

  async #send() {
    let sent = 0;
    for (let answer = this.#outbox.waiting()[0]; answer; answer = this.#outbox.waiting()[0]) {
      if (!(await this.#deliver(answer))) return false;
      sent += 1;
    }
    this.#failures = 0;
    this.#tell.allArrived(sent);
    return true;
  }

  async #deliver(answer) {
    let reply;
    try { reply = await (answer.file ? this.#sendFile(answer) : this.#sendLines(answer)); } catch { return this.#wait(); }
    if (reply.signedOut) return this.#tell.signedOut();
    const { status, told } = reply;
    if (status < 300 && told) return this.#arrived(answer, told);
    if (!told && NOT_THEIRS.includes(status)) return this.#tell.stranger();
    if (!told || status >= SERVER_ERROR || status === TOO_MANY) return this.#wait(reply.retryAfter);
    await this.#outbox.takeOut(answer);
    this.#tell.refused(answer, [told.title, told.detail].filter(Boolean).join(" "));
    return true;
  }

  async #arrived(answer, told) {
    if (told.kept) {
      await this.#outbox.takeOut(answer);
      this.#tell.late(answer, told);
    } else {
      await this.#outbox.stands(told);
      this.#tell.stands(told);
    }
    return true;
  }

  async #sendLines(answer) {
    const body = new URLSearchParams({ question: answer.question, sequence: answer.sequence, client_id: answer.clientId });
    for (const line of answer.lines) body.append("chosen", line);
    const reply = await fetch(this.#addresses.answer, {
      method: "POST", body, redirect: "manual", keepalive: body.toString().length < 60_000, signal: AbortSignal.timeout(PATIENCE), headers: headers(),
    });
    const isJson = reply.headers.get("Content-Type")?.includes("json");
    const told = isJson ? await reply.json().catch(() => null) : null;
    return { status: reply.status, told, retryAfter: Number(reply.headers.get("Retry-After")), signedOut: reply.type === "opaqueredirect" };
  }

  #sendFile(answer) {
    const body = new FormData();
    body.append("sequence", answer.sequence);
    body.append("client_id", answer.clientId);
    body.append("file", answer.file, answer.fileName);
    return upload(this.#addresses.file(answer.question), body, headers(), (share) => this.#tell.progress(answer, share));
  }

  // The server says how long when it is busy; else each failure waits longer, never all at once.
  #wait(retryAfter = 0) {
    const grown = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures++);
    const pause = Math.max(grown, retryAfter * 1_000) * (1 + Math.random() / 2);
    this.#retry = setTimeout(() => this.flush(), pause);
    const waiting = this.#outbox.waiting().length;
    if (retryAfter) this.#tell.busy(waiting, Math.ceil(pause / 1_000));
    else this.#tell.waiting(waiting);
    return false;
  }
}
