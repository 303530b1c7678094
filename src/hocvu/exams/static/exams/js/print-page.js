// Shows its button, which prints the page: <print-page hidden><button type="button">…</button></print-page>
// Without scripts it stays hidden; the browser's own menu prints as well.

class PrintPage extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.querySelector("button").addEventListener("click", () => print());
  }
}

customElements.define("print-page", PrintPage);
