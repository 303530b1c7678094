// The list of all questions: what is known of each answer, and a way to get there.
//   const map = new QuestionMap(element, words);  map.mark("12", "saved" | "kept" | "none");  map.step(1)
// Alt with Page Down and Page Up goes to the next and the previous question.

export class QuestionMap {
  #element; #words;

  constructor(element, words) {
    [this.#element, this.#words] = [element, words];
    element.querySelector(".exam-map [data-with-script]").hidden = false;
    element.addEventListener("click", (event) => {
      const link = event.target.closest("[data-goes-to]");
      if (!link) return;
      event.preventDefault();
      this.#go(link.dataset.goesTo);
    });
    document.addEventListener("keydown", this.#key);
  }

  leave() { document.removeEventListener("keydown", this.#key); }

  mark(question, state) {
    const link = this.#element.querySelector(`[data-goes-to="${Number(question)}"]`);
    link.className = { saved: "is-saved", kept: "is-kept" }[state] ?? "";
    link.querySelector("[data-state]").textContent = `, ${this.#words.of(`state-${state}`)}`;
  }

  #key = (event) => {
    if (!event.altKey || !["PageDown", "PageUp"].includes(event.key)) return;
    event.preventDefault();
    this.#step(event.key === "PageDown" ? 1 : -1);
  };

  // From the question in which the focus is, or the first one.
  #step(by) {
    const all = [...this.#element.querySelectorAll("[data-question]")].map((group) => group.dataset.question);
    const here = document.activeElement?.closest("li[id^=question-]")?.id.replace("question-", "");
    const next = here ? all.indexOf(here) + by : 0;
    if (all[next]) this.#go(all[next]);
  }

  #go(question) {
    const heading = document.getElementById(`number-${question}`);
    heading.scrollIntoView({ block: "start" });
    heading.focus({ preventScroll: true });
  }
}
