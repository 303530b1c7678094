// <roll-call roll="7" by="12" last="99" marks="/rolls/7/marks/" saved="saved at {time}"
//            waiting="waiting to be sent" away="No connection. …" signed-out="You are signed out. …">
//   <p data-line role="status" hidden></p>
//   <form method="post" action="/rolls/7/mark/"> csrf field
//     <ol><li id="e31" data-presence=""> <span data-words></span>
//       <button name="present" value="31" aria-pressed="false">Present</button></li></ol></form>
// </roll-call>
// One tap marks somebody present. The mark shows at once and goes into an outbox in this browser
// under an identifier made here, so that it survives a lost network, a reload and a retry, and is
// never counted twice. The server's answer replaces it; a refusal takes it back and says why.
const RETRY = 5000;
const POLL = 5000;

customElements.define("roll-call", class extends HTMLElement {
  #last = 0;
  #sending = false;
  #timer = 0;
  #before = new Map();

  connectedCallback() {
    this.#last = Number(this.getAttribute("last"));
    this.addEventListener("submit", (event) => this.#tap(event));
    addEventListener("online", this.#send);
    this.#timer = setInterval(() => { this.#send(); this.#hear(); }, POLL);
    for (const mark of this.#outbox()) this.#showWaiting(mark);
    // What the page before this one sent may have been saved after this page was read.
    this.#send().then(this.#hear);
  }

  disconnectedCallback() {
    removeEventListener("online", this.#send);
    clearInterval(this.#timer);
  }

  // --- the outbox: ids only, kept for one person and one roll

  get #key() {
    return `roll-call:${this.getAttribute("by")}:${this.getAttribute("roll")}`;
  }

  #outbox() {
    try { return JSON.parse(localStorage.getItem(this.#key)) ?? []; } catch { return this.#kept ?? []; }
  }

  #keep(marks) {
    this.#kept = marks;
    try { localStorage.setItem(this.#key, JSON.stringify(marks)); } catch { /* lives as long as the page */ }
  }

  #kept = null;

  // --- a tap

  #tap(event) {
    if (event.submitter?.name !== "present") return;
    event.preventDefault();
    const button = event.submitter;
    if (button.getAttribute("aria-pressed") === "true") return;
    const mark = { id: uuid(), enrolment: button.value, presence: "present" };
    this.#keep([...this.#outbox(), mark]);
    this.#showWaiting(mark);
    this.#send();
  }

  // --- to the server, one after another

  #send = async () => {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (let mark; (mark = this.#outbox()[0]);) {
        const answer = await this.#post(mark);
        if (answer.status >= 500 || answer.status === 429) return this.#say(this.getAttribute("away"));
        if (!isOurs(answer)) return this.#say(this.getAttribute("signed-out"));
        this.#keep(this.#outbox().filter((kept) => kept.id !== mark.id));
        if (answer.ok) this.#show(await answer.json());
        else await this.#takeBack(mark, answer);
      }
      if (!this.#refused) this.#say("");
    } catch {
      this.#say(this.getAttribute("away"));
    } finally {
      this.#sending = false;
    }
  };

  #post(mark) {
    const form = this.querySelector("form");
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("enrolment", mark.enrolment);
    body.set("presence", mark.presence);
    body.set("client_id", mark.id);
    return fetch(form.action, {
      method: "POST", body, redirect: "manual", headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(RETRY * 3),
    });
  }

  #refused = false;

  async #takeBack(mark, answer) {
    const row = this.#row(mark.enrolment);
    const before = this.#before.get(String(mark.enrolment));
    if (row && before) this.#paint(row, before.presence, before.words);
    const problem = await answer.json().catch(() => ({}));
    this.#refused = true;
    this.#say([row?.dataset.filter, problem.title, problem.detail].filter(Boolean).join(" – "), true);
  }

  // --- what others marked, and codes that were scanned

  #hear = async () => {
    if (document.hidden || this.#sending) return;
    try {
      const answer = await fetch(`${this.getAttribute("marks")}?since=${this.#last}`, {
        redirect: "manual", headers: { Accept: "application/json" },
      });
      if (!answer.ok) return;
      const heard = await answer.json();
      for (const mark of heard.marks) {
        this.#last = mark.mark;
        this.#show(mark);
      }
    } catch { /* the next turn will hear it */ }
  };

  // --- what is shown

  #row(enrolment) {
    return this.querySelector(`#e${enrolment}`);
  }

  #showWaiting(mark) {
    const row = this.#row(mark.enrolment);
    if (!row) return;
    const words = row.querySelector("[data-words]");
    if (!this.#before.has(String(mark.enrolment))) {
      this.#before.set(String(mark.enrolment), { presence: row.dataset.presence, words: words.textContent });
    }
    this.#paint(row, mark.presence, this.getAttribute("waiting"));
    row.classList.add("waiting");
  }

  #show(mark) {
    const row = this.#row(mark.enrolment);
    if (!row || this.#outbox().some((kept) => String(kept.enrolment) === String(mark.enrolment))) return;
    this.#before.delete(String(mark.enrolment));
    const words = mark.presence === "present"
      ? this.getAttribute("saved").replace("{time}", mark.clock)
      : [mark.words, mark.reason].filter(Boolean).join(": ");
    this.#paint(row, mark.presence, words);
  }

  #paint(row, presence, words) {
    row.classList.remove("waiting");
    row.dataset.presence = presence;
    row.querySelector("[data-words]").textContent = words;
    row.querySelector("button[name=present]")?.setAttribute("aria-pressed", String(presence === "present"));
    const present = this.querySelectorAll('li[data-presence="present"]').length;
    for (const count of document.querySelectorAll("[data-present]")) count.textContent = present;
  }

  #say(sentence, refused = false) {
    const line = this.querySelector("[data-line]");
    line.textContent = sentence;
    line.hidden = !sentence;
    line.classList.toggle("bad", refused);
  }
});

// Anything else is a sign-in page or a form that has expired: the mark stays in the outbox.
function isOurs(answer) {
  return answer.type !== "opaqueredirect" && (answer.headers.get("Content-Type") ?? "").includes("json");
}

// crypto.randomUUID exists only on secure origins; a first run may be on plain http.
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
