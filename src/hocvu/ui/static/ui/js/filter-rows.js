// <filter-rows rows="#roll > li" shown="{n} of {all} people">
//   <label for="roll-search">Find by name</label>
//   <input id="roll-search" type="search" autocomplete="off">
// </filter-rows>
// Shows only the rows that hold every word typed; tones, letter marks and case do not matter.
const fold = (text) =>
  text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();

customElements.define("filter-rows", class extends HTMLElement {
  #status = null;

  connectedCallback() {
    this.#status ??= this.appendChild(document.createElement("p"));
    this.#status.setAttribute("role", "status");
    this.addEventListener("input", () => this.#filter());
    // Enter must not send the form the rows stand in.
    this.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    document.addEventListener("htmx:afterSettle", this.#again);
    this.#filter();
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:afterSettle", this.#again);
  }

  #again = () => this.#filter();

  #filter() {
    const words = fold(this.querySelector("input").value).split(/\s+/).filter(Boolean);
    const rows = [...document.querySelectorAll(this.getAttribute("rows"))];
    let found = 0;
    for (const row of rows) {
      const text = fold(row.dataset.filter ?? row.textContent);
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) found += 1;
    }
    const sentence = (this.getAttribute("shown") ?? "{n}/{all}").replace("{n}", found).replace("{all}", rows.length);
    this.#status.textContent = words.length ? sentence : "";
  }
});
