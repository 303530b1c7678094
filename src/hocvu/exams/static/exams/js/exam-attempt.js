// <exam-attempt attempt="7" left="1500000" now="1795000000000" answer="/…/answer/" hand-in="/…/hand-in/" result="/…/result/" text-…="…">
//   <form method="post">
//     <p data-answered></p> <p data-time></p> <p data-network hidden></p> <p data-announce role="status"></p>
//     <fieldset data-question="12" data-sequence="0"> … <input type="radio" name="q-12" value="a"> … <p data-saved></p></fieldset>
//     <button name="act" value="hand_in">Hand in</button></form>
// </exam-attempt>
// Sends each answer as it is chosen. What has not arrived yet waits in this device's storage, one
// entry for a question, named by a UUID and a rising sequence: the server lets the greatest
// sequence stand, so repeating, overtaking, reloading and a second tab can do no harm.
// `left` and `now` are the server's clock in milliseconds; the device's own clock is never asked.

const FIRST_WAIT = 1_000, LONGEST_WAIT = 30_000, PATIENCE = 10_000, RESYNC = 5 * 60_000;
const ANNOUNCED = [10, 5, 1];  // minutes

// Answers that have not arrived, by question. Storage may be switched off: then this page remembers.
class Outbox {
  #prefix; #memory = new Map();

  constructor(attempt) { this.#prefix = `hocvu-exam/${attempt}/`; }

  owns(key) { return key?.startsWith(this.#prefix); }
  questionOf(key) { return key.slice(this.#prefix.length); }

  get(question) {
    try { return JSON.parse(localStorage.getItem(this.#prefix + question)); }
    catch { return this.#memory.get(question) ?? null; }
  }

  put(answer) {
    try { localStorage.setItem(this.#prefix + answer.question, JSON.stringify(answer)); }
    catch { this.#memory.set(answer.question, answer); }
  }

  // Only what was sent is taken out; a newer choice made meanwhile stays.
  takeOut(answer) {
    if (this.get(answer.question)?.clientId !== answer.clientId) return;
    this.#memory.delete(answer.question);
    try { localStorage.removeItem(this.#prefix + answer.question); } catch { /* storage is off */ }
  }

  all() {
    const kept = [...this.#memory.values()];
    try {
      for (const key of Object.keys(localStorage)) if (this.owns(key)) kept.push(JSON.parse(localStorage.getItem(key)));
    } catch { /* storage is off */ }
    return kept.filter(Boolean).sort((one, other) => one.sequence - other.sequence);
  }
}

const cookie = (name) => document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1] ?? "";

customElements.define("exam-attempt", class extends HTMLElement {
  #outbox; #channel; #loaded; #left; #clock; #sequence = 0; #sending = null; #failures = 0; #retry = 0; #announced = new Set(); #over = false;

  connectedCallback() {
    this.#outbox = new Outbox(this.getAttribute("attempt"));
    this.#sync(Number(this.getAttribute("left")));
    this.#loaded = performance.now();
    for (const group of this.#groups()) this.#sequence = Math.max(this.#sequence, Number(group.dataset.sequence));
    for (const answer of this.#outbox.all()) this.#restore(answer);
    this.addEventListener("change", (event) => this.#choose(event.target.closest("[data-question]")));
    this.addEventListener("submit", (event) => this.#handIn(event));
    addEventListener("online", this.#again);
    addEventListener("storage", this.#otherTab);
    document.addEventListener("visibilitychange", this.#resync);
    this.#channel = new BroadcastChannel(`hocvu-exam/${this.getAttribute("attempt")}`);
    this.#channel.onmessage = ({ data }) => this.#stands(data);
    this.#clock = [setInterval(() => this.#tick(), 1_000), setInterval(this.#resync, RESYNC)];
    this.#count();
    this.#tick();
    this.#flush();
  }

  disconnectedCallback() {
    this.#clock.forEach(clearInterval);
    clearTimeout(this.#retry);
    this.#channel.close();
    removeEventListener("online", this.#again);
    removeEventListener("storage", this.#otherTab);
    document.removeEventListener("visibilitychange", this.#resync);
  }

  // ---- choosing ----

  #choose(group) {
    if (!group) return;
    this.#sequence = Math.max(this.#sequence + 1, Math.floor(Number(this.getAttribute("now")) + performance.now() - this.#loaded));
    this.#outbox.put({ question: group.dataset.question, chosen: this.#chosenIn(group), sequence: this.#sequence, clientId: crypto.randomUUID?.() ?? this.#uuid() });
    this.#say(group, this.getAttribute("text-kept"), "is-kept");
    this.#count();
    this.#flush();
  }

  #restore(answer) {
    const group = this.#group(answer.question);
    if (!group || answer.sequence <= Number(group.dataset.sequence)) return;
    this.#show(group, answer);
    this.#say(group, this.getAttribute("text-kept"), "is-kept");
  }

  // ---- sending ----

  #again = () => { this.#failures = 0; this.#flush(); };

  // One flush at a time; the promise tells whether everything has arrived.
  #flush() {
    clearTimeout(this.#retry);
    this.#sending ??= this.#send().finally(() => { this.#sending = null; });
    return this.#sending;
  }

  async #send() {
    for (let answer = this.#outbox.all()[0]; answer; answer = this.#outbox.all()[0]) {
      if (!(await this.#deliver(answer))) return false;
    }
    this.#failures = 0;
    this.#network("");
    return true;
  }

  async #deliver(answer) {
    const body = new URLSearchParams({ question: answer.question, sequence: answer.sequence, client_id: answer.clientId });
    for (const option of answer.chosen) body.append("chosen", option);
    let reply;
    try { reply = await this.#ask(this.getAttribute("answer"), body); } catch { return this.#wait(); }
    if (reply.type === "opaqueredirect") return this.#signedOut();
    const told = reply.headers.get("Content-Type")?.includes("json") ? await reply.json().catch(() => null) : null;
    if (reply.ok && told) {
      this.#outbox.takeOut(answer);
      this.#sync(told.left);
      this.#stands(told);
      this.#channel.postMessage(told);
      return true;
    }
    if (!told || reply.status >= 500 || reply.status === 429) return this.#wait();
    this.#outbox.takeOut(answer);
    this.#refused(answer, [told.title, told.detail].filter(Boolean).join(" "));
    return true;
  }

  #ask(address, body) {
    return fetch(address, {
      method: "POST", body, redirect: "manual", keepalive: true, signal: AbortSignal.timeout(PATIENCE),
      headers: { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") },
    });
  }

  #wait() {
    const pause = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures++);
    this.#retry = setTimeout(() => this.#flush(), pause * (0.75 + Math.random() / 2));
    this.#network(this.#text("waiting", { n: this.#outbox.all().length }));
    return false;
  }

  #signedOut() {
    this.#network(this.getAttribute("text-signed-out"), location.pathname, this.getAttribute("text-sign-in"));
    return false;
  }

  // ---- what stands ----

  #stands(told) {
    const group = this.#group(told.question);
    if (!group || told.sequence < Number(group.dataset.sequence)) return;
    group.dataset.sequence = told.sequence;
    this.#sequence = Math.max(this.#sequence, told.sequence);
    // A newer choice is on its way. One no newer is this very answer: word from another tab may
    // come before its entry is seen to go.
    if (this.#outbox.get(String(told.question))?.sequence > told.sequence) return;
    this.#show(group, told);
    this.#say(group, `${this.getAttribute("text-saved")} · ${told.receipt}`);
  }

  #otherTab = ({ key, newValue }) => {
    if (!this.#outbox.owns(key) || !newValue) return;
    const answer = JSON.parse(newValue);
    this.#sequence = Math.max(this.#sequence, answer.sequence);
    this.#restore(answer);
  };

  #refused(answer, sentence) {
    const group = this.#group(answer.question);
    if (group) this.#say(group, sentence, "is-refused");
    this.#network(sentence, this.getAttribute("result"), this.getAttribute("text-see-result"), "is-refused");
    this.#failures = 0;
  }

  // ---- handing in ----

  async #handIn(event) {
    event.preventDefault();
    if (await this.#flush()) location.assign(this.getAttribute("hand-in"));
    else this.querySelector("[data-network]").scrollIntoView({ block: "center" });
  }

  async #timeIsOver() {
    this.#over = true;
    this.#announce(this.getAttribute("text-over"));
    this.#network(this.getAttribute("text-over"));
    for (let pause = FIRST_WAIT; ; pause = Math.min(pause * 2, LONGEST_WAIT)) {
      await this.#flush();
      try {
        await this.#ask(this.getAttribute("hand-in"), new URLSearchParams());
        return location.assign(this.getAttribute("result"));
      } catch { this.#network(this.getAttribute("text-over-offline")); }
      await new Promise((resolve) => { setTimeout(resolve, pause); });
    }
  }

  // ---- the server's clock ----

  #sync(left) { this.#left = { at: performance.now(), left }; }

  #resync = async () => {
    if (document.hidden || this.#over) return;
    try {
      const reply = await fetch(this.getAttribute("answer"), { redirect: "manual", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) });
      if (reply.ok) this.#sync((await reply.json()).left);
    } catch { /* the next answer will tell */ }
  };

  #tick() {
    const left = Math.max(0, this.#left.left - (performance.now() - this.#left.at));
    const seconds = Math.ceil(left / 1_000), minutes = Math.ceil(seconds / 60);
    const shown = this.querySelector("[data-time]");
    shown.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    shown.classList.toggle("is-short", minutes <= ANNOUNCED.at(-1));
    if (ANNOUNCED.includes(minutes) && !this.#announced.has(minutes)) {
      this.#announced.add(minutes);
      this.#announce(this.#text("minutes", { n: minutes }));
    }
    if (left === 0 && !this.#over) this.#timeIsOver();
  }

  // ---- the page ----

  #groups() { return [...this.querySelectorAll("[data-question]")]; }
  #group(question) { return this.querySelector(`[data-question="${Number(question)}"]`); }
  #chosenIn(group) { return [...group.querySelectorAll(":checked")].map((input) => input.value); }

  #show(group, { chosen }) {
    for (const input of group.querySelectorAll("[type=radio], [type=checkbox]")) input.checked = chosen.includes(input.value);
    this.#count();
  }

  #say(group, words, state = "") {
    const said = group.querySelector("[data-saved]");
    said.textContent = words;
    said.className = `exam-saved small ${state || "muted"}`;
  }

  #count() {
    const groups = this.#groups();
    this.querySelector("[data-answered]").textContent = this.#text("answered", { n: groups.filter((group) => this.#chosenIn(group).length).length, all: groups.length });
  }

  #network(words, address = "", label = "", state = "") {
    const said = this.querySelector("[data-network]");
    if (!words && said.classList.contains("is-refused")) return;  // a refusal stays to be read
    const before = said.textContent;
    said.className = `exam-network ${state}`;
    said.hidden = !words;
    said.textContent = words;
    if (address) said.append(" ", Object.assign(document.createElement("a"), { href: address, textContent: label }));
    if (words && words !== before) this.#announce(words);
    else if (before && !words) this.#announce(this.getAttribute("text-all-saved"));
  }

  #announce(words) { this.querySelector("[data-announce]").textContent = words; }

  #text(name, values) {
    return Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), this.getAttribute(`text-${name}`));
  }

  // Where randomUUID is missing (a plain address without TLS).
  #uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    return [...bytes].map((byte, at) => ([4, 6, 8, 10].includes(at) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
  }
});
