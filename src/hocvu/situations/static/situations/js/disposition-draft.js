// A text that is never lost: kept on the device as it is typed, saved on the server every few seconds.
//
//   <disposition-draft draft="hocvu-situation/12/note/text" save="/situations/runs/12/save/" text-kept="…" text-saved="…">
//     <form method="post">… node …<textarea name="text">…</textarea><p data-saved role="status"></p></form>
//   </disposition-draft>
//
// What the device kept and the server never got is put back into the field after a reload. The form itself
// works without scripts.

const QUIET = 4_000, PATIENCE = 10_000;

const cookie = (name) => document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1] ?? "";

customElements.define("disposition-draft", class extends HTMLElement {
  #field; #saved; #timer; #stands;

  connectedCallback() {
    this.#field = this.querySelector("textarea");
    this.#saved = this.querySelector("[data-saved]");
    this.#stands = this.#field.value;
    const kept = this.#kept();
    if (kept !== null && kept !== this.#field.value) {
      this.#field.value = kept;
      this.#later();
    }
    this.#field.addEventListener("input", () => { this.#keep(this.#field.value); this.#later(); });
    this.querySelector("form").addEventListener("submit", (event) => this.#send(event));
    addEventListener("online", this.#save);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    removeEventListener("online", this.#save);
  }

  #later() {
    this.#saved.textContent = this.getAttribute("text-kept");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#save, QUIET);
  }

  // The form leaves the page only once the server has the text; until then the device keeps it.
  async #send(event) {
    event.preventDefault();
    clearTimeout(this.#timer);
    await this.#save();
    if (this.#field.value !== this.#stands) return;
    const act = Object.assign(document.createElement("input"), { type: "hidden", name: "act", value: event.submitter?.value ?? "save" });
    event.target.append(act);
    event.target.submit();
  }

  #save = async () => {
    const text = this.#field.value;
    if (text === this.#stands) return;
    try {
      const reply = await fetch(this.getAttribute("save"), {
        method: "POST", redirect: "manual", signal: AbortSignal.timeout(PATIENCE),
        body: new URLSearchParams({ node: this.querySelector("[name=node]").value, text, client_id: this.#uuid() }),
        headers: { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") },
      });
      const told = await reply.json();
      if (!reply.ok) { this.#saved.textContent = [told.title, told.detail].filter(Boolean).join(" "); return; }
      this.#stands = text;
      if (this.#field.value === text) { this.#keep(null); this.#saved.textContent = this.getAttribute("text-saved"); }
    } catch { this.#later(); }
  };

  #kept() {
    try { return localStorage.getItem(this.getAttribute("draft")); } catch { return null; }
  }

  #keep(text) {
    try {
      if (text === null) localStorage.removeItem(this.getAttribute("draft"));
      else localStorage.setItem(this.getAttribute("draft"), text);
    } catch { /* storage is off: the server is asked every few seconds all the same */ }
  }

  // Where randomUUID is missing (a plain address without TLS).
  #uuid() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    return [...bytes].map((byte, at) => ([4, 6, 8, 10].includes(at) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
  }
});
