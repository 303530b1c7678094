// <confirm-once busy="Sending…">
//   <form method="post"> … <button class="button">Sign</button></form>
// </confirm-once>
// A form inside is sent once: its buttons rest until the answer comes, and wake up when the
// person returns to this page with the back button. Without a network nothing is sent and nothing
// typed is lost: the words of <meta name="offline-words"> say so.
customElements.define("confirm-once", class extends HTMLElement {
  #sent = false;
  #words = new Map();

  connectedCallback() {
    this.addEventListener("submit", (event) => this.#send(event));
    this.addEventListener("htmx:afterRequest", () => this.#wake());
    addEventListener("pageshow", this.#returned);
  }

  disconnectedCallback() {
    removeEventListener("pageshow", this.#returned);
  }

  #returned = (event) => {
    if (event.persisted) this.#wake();
  };

  #send(event) {
    if (this.#sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (this.#isOffline(event)) return;
    this.#sent = true;
    // After this turn, so that the pressed button's own value still travels with the form.
    setTimeout(() => {
      if (event.defaultPrevented && !event.target.closest("[hx-post], [hx-boost]")) return this.#wake();
      for (const button of this.#buttons()) {
        this.#words.set(button, button.textContent);
        button.setAttribute("aria-disabled", "true");
        if (button === event.submitter && this.hasAttribute("busy")) button.textContent = this.getAttribute("busy");
      }
    });
  }

  #isOffline(event) {
    const words = document.querySelector('meta[name="offline-words"]')?.content;
    this.querySelector(":scope > [data-offline]")?.remove();
    if (navigator.onLine || !words || event.defaultPrevented) return false;
    event.preventDefault();
    const alert = Object.assign(document.createElement("p"), { className: "alert warn", textContent: words });
    alert.setAttribute("role", "alert");
    alert.dataset.offline = "";
    this.append(alert);
    return true;
  }

  #wake() {
    this.#sent = false;
    for (const [button, words] of this.#words) {
      button.removeAttribute("aria-disabled");
      button.textContent = words;
    }
    this.#words.clear();
  }

  #buttons() {
    return this.querySelectorAll("button:not([type=button]), input[type=submit]");
  }
});
