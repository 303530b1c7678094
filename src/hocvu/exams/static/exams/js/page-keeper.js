// Lets this page be loaded again without a network, until the test is handed in or its person signs
// out. Without service workers (an address without TLS) nothing else changes.
//   makeReady("/tests/attempts/worker.js");  keepPage("/tests/attempts/worker.js");  forgetPages()

const CACHE = "hocvu-attempt";  // as the worker calls it

export async function makeReady(worker) {
  try { return (await navigator.serviceWorker?.register(worker)) ?? null; } catch { return null; }
}

export async function keepPage(worker) {
  document.addEventListener("submit", forgetOnSignOut);
  if (!(await makeReady(worker))) return;
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ keep: location.pathname, parts: partsOfThisPage() });
}

export async function forgetPages() {
  try { await caches.delete(CACHE); } catch { /* there are none */ }
}

// Scripts, styles, pictures and fonts of our own that were loaded for this page.
const partsOfThisPage = () => performance.getEntriesByType("resource")
  .filter(({ name, initiatorType }) => name.startsWith(`${location.origin}/`) && !["fetch", "xmlhttprequest", "beacon"].includes(initiatorType))
  .map(({ name }) => name);

function forgetOnSignOut({ target }) {
  if (target.matches("form[action*='sign-out'], form[data-signs-out]")) forgetPages();
}
