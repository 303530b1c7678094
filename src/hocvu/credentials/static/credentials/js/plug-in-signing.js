// <plug-in-signing address="wss://127.0.0.1:8987/SignApproved" next="/signing/7/next/"
//     waiting="… {number} {n} {all}" signed="… {n}" sofar="… {n} {all}" refused="… {number} {why}"
//     cancelled="… {number}" absent="…" died="…" lost="… {number}" offline="…">
//   <button type="button" hidden>Sign with the plug-in</button>  <p role="status"></p>
// </plug-in-signing>
// Asks the signing plug-in on this computer to sign one file after the other. It fetches and hands
// in each file by itself; `next` says which one is to be signed now, so what the server has is
// never asked for again, whatever became of the plug-in's answer. The first refusal stops the row.
customElements.define("plug-in-signing", class extends HTMLElement {
  #isSigning = false;

  connectedCallback() {
    const button = this.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", () => this.#start(button));
  }

  async #start(button) {
    if (this.#isSigning) return;
    this.#isSigning = true;
    button.setAttribute("aria-disabled", "true");
    try {
      await this.#signAll();
    } finally {
      this.#isSigning = false;
      button.removeAttribute("aria-disabled");
    }
  }

  async #signAll() {
    let next = await this.#next();
    const all = next?.left;
    let n = 0;
    while (next?.request) {
      const number = next.request.MetaData[0].Value;
      this.#tell("waiting", { number, n: n + 1, all });
      const answer = await this.#sign(next.request);
      next = await this.#next();
      const isTaken = next !== null && next.request?.MetaData[0].Value !== number;
      if (isTaken) n += 1;
      else if (next !== null) return this.#stop(answer, { number, n, all });
    }
    if (next === null) return this.#tell("offline", { n, all });
    this.#tell("signed", { n });
    location.assign(location.pathname);
  }

  #stop(answer, values) {
    const why = answer.Message?.trim();
    if (answer.is) this.#tell(answer.is, values);
    else if (answer.Status === 0) this.#tell("lost", values);
    else if (why) this.#tell("refused", { ...values, why });
    else this.#tell("cancelled", values);
  }

  // { left, request } as the server has it now, or null where it does not answer.
  async #next() {
    try {
      const answer = await fetch(this.getAttribute("next"), { headers: { Accept: "application/json" } });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  // The plug-in's answer; { is: "absent" } where none listens, { is: "died" } where it went away.
  #sign(request) {
    return new Promise((answered) => {
      let without = { is: "absent" };
      let socket;
      try {
        socket = new WebSocket(this.getAttribute("address"));
      } catch {
        return answered(without); // a browser or a network that lets no page speak to this computer
      }
      socket.onopen = () => {
        without = { is: "died" };
        socket.send(JSON.stringify(request));
      };
      socket.onclose = () => answered(without);
      socket.onmessage = (message) => {
        answered(this.#read(message.data));
        socket.close();
      };
    });
  }

  #read(text) {
    try {
      return JSON.parse(text) ?? {};
    } catch {
      return { Status: -1, Message: text };
    }
  }

  #tell(name, values) {
    const sofar = values.n && !["waiting", "signed"].includes(name) ? `${this.getAttribute("sofar")} ` : "";
    const words = (sofar + this.getAttribute(name)).replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
    this.querySelector("[role=status]").textContent = words;
  }
});
