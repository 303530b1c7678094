// Says when somebody who writes has paused, so that what is written can be saved meanwhile.
//   const typing = new Typing((group) => …);  typing.wrote(group, isLong);  typing.now(group);  typing.all()
// A long text waits for a longer pause, but never longer than LONGEST.

const PAUSE = 800, LONG_PAUSE = 2_000, LONGEST = 8_000;

export class Typing {
  #paused; #since = new Map(); #timers = new Map();

  constructor(paused) { this.#paused = paused; }

  wrote(group, isLong) {
    const now = performance.now(), since = this.#since.get(group) ?? now;
    this.#since.set(group, since);
    clearTimeout(this.#timers.get(group));
    const pause = Math.min(isLong ? LONG_PAUSE : PAUSE, Math.max(0, since + LONGEST - now));
    this.#timers.set(group, setTimeout(() => this.now(group), pause));
  }

  isWriting(group) { return this.#since.has(group); }

  now(group) {
    if (!this.isWriting(group)) return;
    clearTimeout(this.#timers.get(group));
    this.#timers.delete(group);
    this.#since.delete(group);
    this.#paused(group);
  }

  all() { for (const group of [...this.#since.keys()]) this.now(group); }
}
