// Copies an address, or hands it to the phone's own way of sending. Without scripts the field stays.
//
//   <copy-address copied="Copied">
//     <label for="address">Send this</label><input id="address" readonly value="https://…">
//     <button type="button" data-do="copy" hidden>Copy</button>
//     <button type="button" data-do="send" hidden>Send</button>
//     <span role="status"></span>
//   </copy-address>

class CopyAddress extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input");
    this.offer("copy", Boolean(navigator.clipboard), () => this.copy());
    this.offer("send", Boolean(navigator.share), () => this.send());
  }

  offer(name, isPossible, act) {
    const button = this.querySelector(`[data-do=${name}]`);
    button.hidden = !isPossible;
    button.addEventListener("click", act);
  }

  async copy() {
    await navigator.clipboard.writeText(this.field.value);
    this.querySelector("[role=status]").textContent = this.getAttribute("copied");
  }

  async send() {
    try {
      await navigator.share({ url: this.field.value });
    } catch (refused) {
      if (refused.name !== "AbortError") throw refused; // who changes their mind is no fault
    }
  }
}

customElements.define("copy-address", CopyAddress);
