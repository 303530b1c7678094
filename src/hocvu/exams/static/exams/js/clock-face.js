// Shows the time left every second, says it at ten, five and one minute, and tells when it is over.
//   const face = new ClockFace(element, words, clock, () => …);  face.sync(left);  face.stop()

const MOVED = 30_000, MINUTE = 60_000;  // a smaller difference is the network's, not a new end
const ANNOUNCED = [10, 5, 1];  // minutes

export class ClockFace {
  #shown; #words; #clock; #over; #announced = new Set(); #timer;

  constructor(element, words, clock, over) {
    [this.#shown, this.#words, this.#clock, this.#over] = [element.querySelector("[data-time]"), words, clock, over];
    this.#timer = setInterval(() => this.#tick(), 1_000);
    this.#tick();
  }

  stop() { clearInterval(this.#timer); }

  sync(left) {
    const n = Math.ceil(left / MINUTE);
    if (this.#clock.sync(left) > MOVED) this.#words.announce(this.#words.of("more-time", { n }));
  }

  #tick() {
    const left = this.#clock.left(), seconds = Math.ceil(left / 1_000), minutes = Math.ceil(seconds / 60);
    this.#shown.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    this.#shown.classList.toggle("is-short", minutes <= ANNOUNCED.at(-1));
    if (ANNOUNCED.includes(minutes) && !this.#announced.has(minutes)) {
      this.#announced.add(minutes);
      this.#words.announce(this.#words.of("minutes", { n: minutes }));
    }
    if (left === 0) this.#over();
  }
}
