// <leave-device><form method="post" action="/sign-out/"> … </form></leave-device>
// Signing out takes the pages along that were kept on this device to be read without a network;
// what has not been sent yet stays for when its owner signs in again.
customElements.define("leave-device", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", () => {
      globalThis.caches?.keys().then((names) => names.forEach((name) => caches.delete(name)));
    });
  }
});
