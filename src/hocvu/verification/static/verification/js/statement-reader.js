// <statement-reader hidden>
//   <video hidden></video> <button data-do="scan" hidden>…</button>
//   <div data-part="photo" hidden><input type="file"></div>
//   <form data-do="paste"><textarea></textarea><button>…</button></form> <p data-part="said"></p>
// </statement-reader>
// Gets a QR code's text from the camera or a photo, where the browser can read codes, or from what
// is pasted, and hands it to the page's <offline-check>. Nothing leaves the device.
import { holdsStatement } from "./checking.js";

class StatementReader extends HTMLElement {
  #detector = null;
  #stream = null;

  async connectedCallback() {
    this.hidden = false;
    this.#part("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#read(this.#part("textarea").value);
    });
    if (!("BarcodeDetector" in window)) return;
    const formats = await BarcodeDetector.getSupportedFormats();
    if (!formats.includes("qr_code")) return;
    this.#detector = new BarcodeDetector({ formats: ["qr_code"] });
    this.#part("[data-part=photo]").hidden = false;
    this.#part("input[type=file]").addEventListener("change", (event) => this.#photo(event.target.files[0]));
    if (!navigator.mediaDevices) return;
    this.#part("[data-do=scan]").hidden = false;
    this.#part("[data-do=scan]").addEventListener("click", () => this.#scan());
  }

  disconnectedCallback() {
    this.#stop();
  }

  #part(selector) {
    return this.querySelector(selector);
  }

  #say(name) {
    const words = document.querySelector("offline-check [data-words]");
    this.#part("[data-part=said]").textContent = name ? words.content.querySelector(`[data-word="${name}"]`).textContent : "";
  }

  async #read(text) {
    if (!holdsStatement(text)) return this.#say("no_statement");
    this.#say("");
    const result = document.querySelector("offline-check");
    await result.show(text);
    result.scrollIntoView();
  }

  async #photo(file) {
    if (!file) return;
    try {
      const [code] = await this.#detector.detect(await createImageBitmap(file));
      if (!code) return this.#say("no_code");
      await this.#read(code.rawValue);
    } catch {
      this.#say("no_code");
    }
  }

  async #scan() {
    const video = this.#part("video");
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      return this.#say("no_camera");
    }
    video.srcObject = this.#stream;
    video.hidden = false;
    await video.play();
    while (this.#stream) {
      const [code] = await this.#detector.detect(video).catch(() => []);
      if (code && holdsStatement(code.rawValue)) {
        this.#stop();
        return this.#read(code.rawValue);
      }
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }

  #stop() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    const video = this.#part("video");
    if (video) video.hidden = true;
  }
}

customElements.define("statement-reader", StatementReader);
