// <exam-receipt attempt="7" answer="/…/answer/">
//   <p data-receipt>…</p> <p data-with-script hidden><button data-copy data-copied="Copied">…</button><button data-print>…</button></p>
//   <p data-announce role="status"></p>
// </exam-receipt>
// The receipt can be copied and printed. On the own result (`answer`): what this device still holds
// of the attempt is delivered, as late answers if need be, and then forgotten with the page.

import { Delivery } from "./delivery.js";
import { Outbox } from "./outbox.js";
import { forgetPages } from "./page-keeper.js";

const nothing = () => false;

customElements.define("exam-receipt", class extends HTMLElement {
  connectedCallback() {
    this.querySelector("[data-with-script]").hidden = false;
    this.querySelector("[data-print]").addEventListener("click", () => print());
    this.querySelector("[data-copy]").addEventListener("click", (event) => this.#copy(event.currentTarget));
    if (this.hasAttribute("answer")) this.#bringTheRest();
  }

  async #copy(button) {
    const receipt = this.querySelector("[data-receipt]");
    try {
      await navigator.clipboard.writeText(receipt.textContent.trim());
      this.querySelector("[data-announce]").textContent = button.textContent = button.dataset.copied;
    } catch { getSelection().selectAllChildren(receipt); }
  }

  async #bringTheRest() {
    await forgetPages();
    const outbox = await Outbox.open(this.getAttribute("attempt"));
    let late = 0;
    const address = this.getAttribute("answer");
    const addresses = { answer: address, file: (question) => address.replace(/answer\/$/, `files/${question}/`) };
    const tell = { stands: nothing, late: () => { late += 1; }, refused: nothing, waiting: nothing, busy: nothing, signedOut: nothing, stranger: nothing, progress: nothing, allArrived: () => this.#forget(outbox, late) };
    new Delivery(outbox, addresses, tell).flush();
  }

  async #forget(outbox, late) {
    await outbox.clear();
    try { localStorage.removeItem(`hocvu-exams-clock/${this.getAttribute("attempt")}`); } catch { /* storage is off */ }
    if (late) location.reload();  // the page says that they came
  }
});
