// <offline-check lang="vi" data-serial="TCT-31-2026-000001" hidden>
//   <template data-words><ul><li data-word="good">…</li> …</ul> <svg data-shape="check">…
// </offline-check>
// Checks the statement behind the # of this page's address, on this device, and says what it found:
// beside the verdict of the register where there is one, alone where there is no network.
import { check, holdsStatement } from "./checking.js";

class OfflineCheck extends HTMLElement {
  connectedCallback() {
    addEventListener("hashchange", this.#look);
    this.#look();
  }

  disconnectedCallback() {
    removeEventListener("hashchange", this.#look);
  }

  #look = () => {
    if (holdsStatement(location.hash)) this.show(location.hash);
  };

  /** Check a text and show the result; used by <statement-reader> too. */
  async show(text) {
    const result = await check(text);
    this.replaceChildren(this.#words, ...this.#result(result));
    this.hidden = false;
    this.dispatchEvent(new CustomEvent("checked", { bubbles: true, detail: result }));
  }

  get #words() {
    return this.querySelector("[data-words]");
  }

  #word(name) {
    return this.#words.content.querySelector(`[data-word="${name}"]`)?.textContent ?? name;
  }

  #result({ kind, reason, statement, asOf }) {
    const mismatch = statement && this.dataset.serial && statement.serialNumber !== this.dataset.serial;
    const shown = mismatch ? "altered" : kind;
    const section = made("section", { className: `verdict ${shown}`, role: "status" });
    section.setAttribute("aria-label", this.#word("heading"));
    const shape = this.#words.content.querySelector(`[data-shape="${shown}"]`).firstElementChild.cloneNode(true);
    section.append(
      shape,
      made("p", { className: "verdict-word", textContent: this.#word(`verdict_${shown}`) }),
      made("p", { className: "verdict-sentence", textContent: this.#word(mismatch ? "mismatch" : reason) }),
    );
    const heading = made("h2", { textContent: this.#word("heading") });
    return [heading, section, ...(statement ? [this.#facts(statement, asOf)] : [])];
  }

  #facts(statement, asOf) {
    const list = made("dl", { className: "facts" });
    const day = new Intl.DateTimeFormat("vi-VN", { day: "2-digit", month: "2-digit", year: "numeric" });
    const [year, month, date] = statement.issuedOn.split("-");
    const facts = {
      holder: statement.holderName,
      issuer: statement.issuer.name,
      domain: statement.issuer.did.replace(/^did:web:/, ""),
      serial: statement.serialNumber,
      programme: statement.programmeCode,
      issued: `${date}/${month}/${year}`,
      as_of: asOf ? `${day.format(asOf)} (${this.#age(asOf)})` : this.#word("never"),
    };
    for (const [name, value] of Object.entries(facts)) {
      list.append(made("dt", { textContent: this.#word(name) }), made("dd", { textContent: value }));
    }
    return list;
  }

  #age(asOf) {
    const hours = Math.max(0, Math.round((asOf.getTime() - Date.now()) / -36e5));
    const [value, unit] = hours < 48 ? [hours, "hour"] : [Math.round(hours / 24), "day"];
    return new Intl.RelativeTimeFormat(this.lang || "vi").format(-value, unit);
  }
}

const made = (name, properties) => Object.assign(document.createElement(name), properties);

customElements.define("offline-check", OfflineCheck);

// The worker keeps this page and its parts for a time without a network.
navigator.serviceWorker?.register("/v/worker.js", { scope: "/v/" }).catch(() => {});
