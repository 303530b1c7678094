// The sentences of a page, and the places where they are said.
//   <template data-words><p data-word="saved">Saved</p> …</template>
//   const words = new Words(element);  words.of("answered", { n: 3, all: 20 });  words.announce("…")

export class Words {
  #element; #known = new Map();

  constructor(element) {
    this.#element = element;
    const kept = element.querySelector("[data-words]").content;
    for (const word of kept.querySelectorAll("[data-word]")) this.#known.set(word.dataset.word, word.textContent);
  }

  of(name, values = {}) {
    return Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), this.#known.get(name));
  }

  announce(sentence) { this.#element.querySelector("[data-announce]").textContent = sentence; }

  // Under the bar, for as long as it is true. A refusal stays to be read.
  network(sentence, { href = "", label = "", state = "" } = {}) {
    const said = this.#element.querySelector("[data-network]");
    if (!sentence && said.classList.contains("is-refused")) return;
    const before = said.textContent;
    said.className = `exam-network ${state}`;
    said.hidden = !sentence;
    said.textContent = sentence;
    if (href) said.append(" ", Object.assign(document.createElement("a"), { href, textContent: label }));
    if (sentence && said.textContent !== before) this.announce(sentence);
    else if (before && !sentence) this.announce(this.of("all-saved"));
  }

  beside(group, sentence, state = "muted") {
    const said = group.querySelector("[data-saved]");
    said.textContent = sentence;
    said.className = `exam-saved small ${state}`;
  }
}
