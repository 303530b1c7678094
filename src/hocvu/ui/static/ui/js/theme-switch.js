// <theme-switch light="Light background" dark="Dark background"></theme-switch>
// Remembers in this browser which ground a person prefers. Not a module and not deferred:
// the ground must be right before the first line is painted.
(() => {
  const root = document.documentElement;
  const read = () => {
    try { return localStorage.getItem("theme"); } catch { return null; }
  };
  const isDark = () =>
    (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const kept = read();
  if ((kept === "dark" || kept === "light") && !root.dataset.theme) root.dataset.theme = kept;

  customElements.define("theme-switch", class extends HTMLElement {
    connectedCallback() {
      const button = document.createElement("button");
      button.type = "button";
      const say = () => { button.textContent = this.getAttribute(isDark() ? "light" : "dark"); };
      button.addEventListener("click", () => {
        root.dataset.theme = isDark() ? "light" : "dark";
        try { localStorage.setItem("theme", root.dataset.theme); } catch { /* forgotten with the page */ }
        say();
      });
      say();
      this.replaceChildren(button);
    }
  });
})();
