// A node of a case: the countdown by the server's clock, and a decision that survives a lost network.
//
//   <situation-run run="12" node="desk" decide="/situations/runs/12/decide/" left="90000" text-…="…">
//     <span data-time role="timer">…</span> <p data-announce role="status"></p> <p data-network hidden></p>
//     <form data-decision method="post">… node, client_id, decision …</form></situation-run>
//
// A decision is kept in localStorage before it is sent, under the client id the page came with, so that a
// reload or a lost reply sends the same decision again and the server makes it once. Without scripts the form
// posts to the page itself. `left` is the server's clock in milliseconds; the device's own is never asked.

const FIRST_WAIT = 1_000, LONGEST_WAIT = 15_000, PATIENCE = 10_000, GRACE = 6_000;
const ANNOUNCED = [60, 30, 10];  // seconds
const cookie = (name) => document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1] ?? "";
customElements.define("situation-run", class extends HTMLElement {
  #key; #kept = null; #ends; #clock; #retry; #failures = 0; #sending = false; #announced = new Set(); #over = false;

  connectedCallback() {
    this.#key = `hocvu-situation/${this.getAttribute("run")}`;
    this.querySelector("[data-decision]")?.addEventListener("submit", (event) => this.#decide(event));
    addEventListener("online", this.#again);
    if (this.hasAttribute("left")) {
      this.#ends = performance.now() + Number(this.getAttribute("left"));
      this.#clock = setInterval(() => this.#tick(), 500);
      this.#tick();
    }
    this.#restore();
  }

  disconnectedCallback() {
    clearInterval(this.#clock);
    clearTimeout(this.#retry);
    removeEventListener("online", this.#again);
  }

  #decide(event) {
    event.preventDefault();
    if (this.#kept) return;  // sent already; the network decides when it arrives
    this.#keep(Object.fromEntries(["node", "decision", "client_id"].map((name) => [name, new FormData(event.target).get(name)])));
    this.#send();
  }

  #restore() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(this.#key)); } catch { /* storage is off */ }
    if (!kept) return;
    if (kept.node !== this.getAttribute("node")) return this.#keep(null);  // it arrived: the case has gone on
    const input = this.querySelector(`[name=decision][value="${CSS.escape(kept.decision)}"]`);
    if (!input) return this.#keep(null);
    input.checked = true;
    this.#kept = kept;
    this.#send();
  }

  #keep(decision) {
    this.#kept = decision;
    try { if (decision) localStorage.setItem(this.#key, JSON.stringify(decision)); else localStorage.removeItem(this.#key); }
    catch { /* storage is off: this page remembers */ }
  }

  #again = () => { this.#failures = 0; this.#send(); };

  async #send() {
    clearTimeout(this.#retry);
    if (!this.#kept || this.#sending) return;
    this.#sending = true;
    this.#say(this.getAttribute("text-sending"));
    try { await this.#deliver(); } catch {
      const pause = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures++);
      this.#retry = setTimeout(() => this.#send(), pause * (0.75 + Math.random() / 2));
      this.#say(this.getAttribute("text-waiting"));
    }
    this.#sending = false;
  }

  async #deliver() {
    const reply = await fetch(this.getAttribute("decide"), {
      method: "POST", body: new URLSearchParams(this.#kept), redirect: "manual", signal: AbortSignal.timeout(PATIENCE),
      headers: { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") },
    });
    if (reply.type === "opaqueredirect") return this.#say(this.getAttribute("text-signed-out"), this.getAttribute("text-sign-in"));
    const told = reply.headers.get("Content-Type")?.includes("json") ? await reply.json().catch(() => null) : null;
    if (!told || reply.status >= 500 || reply.status === 429) throw new Error(reply.status);
    this.#keep(null);
    if (reply.ok) location.assign(told.next);
    else this.#say([told.title, told.detail].filter(Boolean).join(" "), this.getAttribute("text-reload"));
  }

  #tick() {
    const seconds = Math.max(0, Math.ceil((this.#ends - performance.now()) / 1_000));
    const shown = this.querySelector("[data-time]");
    shown.textContent = this.getAttribute("text-left").replace("{n}", seconds);
    shown.classList.toggle("is-short", seconds <= ANNOUNCED.at(-1));
    const due = ANNOUNCED.find((each) => seconds <= each && seconds > each - 5 && !this.#announced.has(each));
    if (due) { this.#announced.add(due); this.#announce(shown.textContent); }
    if (seconds === 0 && !this.#over) this.#timeIsOver();
  }

  // What the case says of a time that ran out stands on the page that is loaded anew.
  async #timeIsOver() {
    this.#over = true;
    this.#say(this.getAttribute("text-over"));
    for (let pause = GRACE; ; pause = LONGEST_WAIT) {
      await new Promise((resolve) => { setTimeout(resolve, pause); });
      try {
        await fetch(location.href, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
        return location.reload();
      } catch { this.#say(this.getAttribute("text-over-offline")); }
    }
  }

  #say(words, link = "") {
    const said = this.querySelector("[data-network]");
    said.hidden = !words;
    said.textContent = words;
    if (link) said.append(" ", Object.assign(document.createElement("a"), { href: location.pathname, textContent: link }));
    this.#announce(words);
  }

  #announce(words) { this.querySelector("[data-announce]").textContent = words; }
});
