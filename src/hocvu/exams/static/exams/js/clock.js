// The time left, by the server's clock: the device's own is asked only how much of it went by.
//   const clock = new Clock(left, { at: "hocvu-exams/7/clock" });  clock.sync(left);  clock.left()
// Loaded again without a network, the page knows the last word of the server from its storage; the
// server alone decides what came in time.

export class Clock {
  #said; #name;

  constructor(left, { name }) {
    this.#name = name;
    this.#said = { left, at: performance.now() };
    const before = this.#remembered();
    if (before !== null && before < left) this.#said.left = before;
  }

  left() { return Math.max(0, this.#said.left - (performance.now() - this.#said.at)); }

  // Whether the end was moved.
  sync(left) {
    const moved = left - this.left();
    this.#said = { left, at: performance.now() };
    try { localStorage.setItem(this.#name, JSON.stringify({ left, at: Date.now() })); } catch { /* storage is off */ }
    return moved;
  }

  forget() {
    try { localStorage.removeItem(this.#name); } catch { /* storage is off */ }
  }

  // A clock that was set back says nothing.
  #remembered() {
    try {
      const { left, at } = JSON.parse(localStorage.getItem(this.#name));
      return Date.now() >= at ? Math.max(0, left - (Date.now() - at)) : null;
    } catch { return null; }
  }
}
