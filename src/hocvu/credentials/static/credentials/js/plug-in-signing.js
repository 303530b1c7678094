// <plug-in-signing address="wss://127.0.0.1:8987/SignApproved" requests="id of a json script"
//     waiting="… {number} {n} {all}" signed="… {n}" refused="… {number} {why}" absent="…">
//   <button type="button" hidden>Sign with the plug-in</button>  <p role="status"></p>
// </plug-in-signing>
// Asks the signing plug-in on this computer to sign one file after the other. It fetches and hands
// in each file by itself; here only its answers are told. The first refusal stops the row.
customElements.define("plug-in-signing", class extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", () => this.#signAll(button));
  }

  async #signAll(button) {
    const requests = JSON.parse(document.getElementById(this.getAttribute("requests")).textContent);
    button.setAttribute("aria-disabled", "true");
    let signed = 0;
    for (const request of requests) {
      const number = request.MetaData[0].Value;
      this.#tell("waiting", { number, n: signed + 1, all: requests.length });
      const answer = await this.#sign(request);
      if (answer === null) this.#tell("absent", {});
      else if (answer.Status !== 0) this.#tell("refused", { number, why: answer.Message ?? "" });
      if (answer?.Status !== 0) break;
      signed += 1;
    }
    button.removeAttribute("aria-disabled");
    if (signed === requests.length) {
      this.#tell("signed", { n: signed });
      location.reload();
    }
  }

  // The plug-in's answer, or null where none listens.
  #sign(request) {
    return new Promise((answered) => {
      let socket;
      try {
        socket = new WebSocket(this.getAttribute("address"));
      } catch {
        return answered(null);
      }
      socket.onopen = () => socket.send(JSON.stringify(request));
      socket.onerror = () => answered(null);
      socket.onclose = () => answered(null);
      socket.onmessage = (message) => {
        answered(this.#read(message.data));
        socket.close();
      };
    });
  }

  #read(text) {
    try {
      return JSON.parse(text);
    } catch {
      return { Status: -1, Message: text };
    }
  }

  #tell(name, values) {
    const words = this.getAttribute(name).replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
    this.querySelector("[role=status]").textContent = words;
  }
});
