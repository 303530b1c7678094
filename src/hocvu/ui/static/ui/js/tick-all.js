// <tick-all ticked="{n} rows ticked">
//   <table> … <input type="checkbox" data-tick-all> … <input type="checkbox" name="row" value="12"> … </table>
//   <div class="bulk"><span data-ticked role="status"></span> <button name="act" value="print">Print</button></div>
// </tick-all>
// Ticks every row of this page at once and says how many are ticked.
customElements.define("tick-all", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => {
      if (event.target.matches("[data-tick-all]")) {
        for (const box of this.#boxes()) box.checked = event.target.checked;
      }
      this.#say();
    });
    this.#say();
  }

  #boxes() {
    return [...this.querySelectorAll('input[name="row"]')];
  }

  #say() {
    const boxes = this.#boxes();
    const ticked = boxes.filter((box) => box.checked).length;
    const all = this.querySelector("[data-tick-all]");
    if (all) {
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    }
    const words = this.querySelector("[data-ticked]");
    if (words) words.textContent = (this.getAttribute("ticked") ?? "{n}").replace("{n}", ticked);
  }
});
