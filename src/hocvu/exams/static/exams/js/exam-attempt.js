// <exam-attempt attempt="7" left="1500000" now="1795000000000" answer="/…/answer/" hand-in="/…/hand-in/" result="/…/result/" worker="/…/worker.js">
//   <template data-words>…</template>
//   <form method="post">
//     <p data-answered></p> <p data-time></p> <p data-network hidden></p> <p data-announce role="status"></p>
//     <fieldset data-question="12" data-sequence="0" data-receipt=""> … <p data-saved></p></fieldset>
//     <button name="act" value="hand_in">Hand in</button></form>
// </exam-attempt>
// Sends each answer as it is given. It is kept on this device first (outbox.js) and named by a UUID
// and a rising sequence; the server lets the greatest sequence stand, so repeating, overtaking,
// reloading, a second window and a second device can do no harm. `left` and `now` are the server's
// clock in milliseconds.

import { Answers } from "./answers.js";
import { Clock } from "./clock.js";
import { ClockFace } from "./clock-face.js";
import { Delivery, headers } from "./delivery.js";
import { Outbox } from "./outbox.js";
import { forgetPages, keepPage } from "./page-keeper.js";
import { Words } from "./words.js";

const PATIENCE = 10_000, RESYNC = 2 * 60_000, FIRST_WAIT = 1_000, LONGEST_WAIT = 30_000;

customElements.define("exam-attempt", class extends HTMLElement {
  #words; #clock; #answers; #delivery; #channel; #resyncing; #over = false;

  async connectedCallback() {
    const attempt = this.getAttribute("attempt"), form = this.querySelector("form");
    form.inert = true;  // until what this device knows is shown
    this.#words = new Words(this);
    const outbox = await Outbox.open(attempt), clock = new Clock(Number(this.getAttribute("left")), { name: `hocvu-exams-clock/${attempt}` });
    this.#answers = new Answers(this, this.#words, outbox, { given: (answer) => this.#given(answer) });
    const addresses = { answer: this.getAttribute("answer"), file: (question) => this.#answers.addressOfFile(question) };
    this.#delivery = new Delivery(outbox, addresses, this.#tell);
    this.#channel = new BroadcastChannel(`hocvu-exams/${attempt}`);
    this.#channel.onmessage = ({ data }) => this.#answers.heard(data);
    this.addEventListener("submit", (event) => this.#handIn(event));
    addEventListener("online", this.#again);
    addEventListener("pagehide", this.#away);
    document.addEventListener("visibilitychange", this.#seen);
    this.#resyncing = setInterval(() => this.#resync(), RESYNC);
    form.inert = false;
    this.#clock = new ClockFace(this, this.#words, clock, () => this.#timeIsOver());
    keepPage(this.getAttribute("worker"));
    await this.#resync();
    this.#delivery.flush();
  }

  disconnectedCallback() {
    clearInterval(this.#resyncing);
    this.#clock?.stop();
    this.#delivery?.stop();
    this.#channel?.close();
    removeEventListener("online", this.#again);
    removeEventListener("pagehide", this.#away);
    document.removeEventListener("visibilitychange", this.#seen);
  }

  #given(answer) {
    this.#channel.postMessage({ given: answer });
    this.#delivery.flush();
  }

  // ---- what becomes of deliveries ----

  #tell = {
    stands: (told) => { this.#clock.sync(told.left); this.#answers.stands(told); this.#channel.postMessage({ stands: told }); },
    late: (answer, told) => { this.#answers.late(answer, told.sentence); this.#resync(); },
    refused: (answer, sentence) => { this.#answers.refused(answer, sentence); this.#words.network(sentence, { state: "is-refused" }); },
    waiting: (n) => this.#words.network(this.#words.of("waiting", { n })),
    busy: (n, seconds) => this.#words.network(this.#words.of("busy", { n, seconds })),
    signedOut: () => this.#mustSignIn("signed-out"),
    stranger: () => this.#mustSignIn("stranger"),
    allArrived: () => this.#words.network(""),
    progress: (answer, share) => this.#answers.progress(answer, share),
  };

  // Whoever comes next to this device must not find the questions; the answers stay.
  #mustSignIn(why) {
    forgetPages();
    this.#words.network(this.#words.of(why), { href: location.pathname, label: this.#words.of("sign-in") });
    return false;
  }

  // ---- leaving and coming back ----

  #again = async () => { await this.#resync(); this.#delivery.again(); };
  #away = () => { this.#answers.finishTyping(); };
  #seen = () => { if (document.hidden) this.#away(); else this.#again(); };

  // The server tells what stands and how much time is left.
  async #resync() {
    try {
      const reply = await fetch(this.getAttribute("answer"), { redirect: "manual", headers: headers(), signal: AbortSignal.timeout(PATIENCE) });
      if (!reply.ok) return null;
      const told = await reply.json();
      this.#clock.sync(told.handed_in ? 0 : told.left);
      for (const each of told.answers ?? []) this.#answers.stands(each);
      return told;
    } catch { return null; }
  }

  // ---- handing in ----

  async #handIn(event) {
    event.preventDefault();
    this.#answers.finishTyping();
    if (await this.#delivery.flush()) location.assign(this.getAttribute("hand-in"));
    else this.querySelector("[data-network]").scrollIntoView({ block: "center" });
  }

  // Only the server says that time is over: it may have been given more meanwhile.
  async #timeIsOver() {
    if (this.#over) return undefined;
    this.#over = true;
    this.#answers.finishTyping();
    this.#words.network(this.#words.of("over"));
    for (let pause = FIRST_WAIT; ; pause = Math.min(pause * 2, LONGEST_WAIT)) {
      const told = await this.#resync();
      if (told && !told.handed_in && told.left > 0) break;
      const arrived = await this.#delivery.flush();
      if (told && arrived && await this.#handsIn()) return location.assign(this.getAttribute("result"));
      if (!told) this.#words.network(this.#words.of("over-offline"));
      await new Promise((resolve) => { setTimeout(resolve, pause); });
    }
    this.#over = false;
    return this.#words.network("");
  }

  async #handsIn() {
    try {
      await fetch(this.getAttribute("hand-in"), { method: "POST", redirect: "manual", headers: headers(), signal: AbortSignal.timeout(PATIENCE) });
      return true;
    } catch { return false; }
  }
});
