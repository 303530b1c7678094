// The service worker of /v/: keeps the page that checks without a network, all its parts, the
// issuers' keys and the revocation lists. `self.KEPT` is written by the address it is loaded from.
// It never keeps a verdict of the register, nor anything about a certificate.
const STORE = "verification-1";
const PATIENCE = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(keepAll().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event.request));
  else if (self.KEPT.fresh.includes(address.pathname)) event.respondWith(freshOrKept(event.request));
  else if (self.KEPT.parts.includes(address.pathname)) event.respondWith(keptOrFresh(event.request));
});

async function keepAll() {
  const store = await caches.open(STORE);
  const wanted = new Set([...self.KEPT.pages, ...self.KEPT.parts].map((path) => new URL(path, self.location).href));
  for (const kept of await store.keys()) {
    const isData = self.KEPT.fresh.includes(new URL(kept.url).pathname);
    if (!wanted.has(kept.url) && !isData) await store.delete(kept);
  }
  // Pages and scripts must all be there; a font or a colour that is missing is fetched later.
  const isNeeded = (href) => href.endsWith(".js") || self.KEPT.pages.includes(href.slice(self.location.origin.length));
  const anew = (hrefs) => hrefs.map((href) => new Request(href, { cache: "reload" }));
  await store.addAll(anew([...wanted].filter(isNeeded)));
  await Promise.allSettled(anew([...wanted].filter((href) => !isNeeded(href))).map((each) => store.add(each)));
  // Without them the page still opens, and says that it has no keys or no list.
  await Promise.all(self.KEPT.fresh.map((path) => freshOrKept(new Request(path)).catch(() => {})));
}

// A page of the register where there is a network; otherwise the page that checks on the device.
async function page(request) {
  try {
    return await within(fetch(request), PATIENCE);
  } catch {
    const store = await caches.open(STORE);
    const language = new URL(request.url).searchParams.get("lang") === "en" ? "en" : "vi";
    return (await store.match(`${self.KEPT.start}?lang=${language}`)) ?? Response.error();
  }
}

async function freshOrKept(request) {
  const store = await caches.open(STORE);
  try {
    const answer = await within(fetch(request), PATIENCE);
    if (answer.ok) await store.put(request, answer.clone());
    return answer.ok ? answer : ((await store.match(request)) ?? answer);
  } catch {
    return (await store.match(request)) ?? Response.error();
  }
}

async function keptOrFresh(request) {
  const store = await caches.open(STORE);
  const kept = await store.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await store.put(request, answer.clone());
  return answer;
}

function within(promise, milliseconds) {
  const late = new Promise((_, refuse) => setTimeout(() => refuse(new Error("late")), milliseconds));
  return Promise.race([promise, late]);
}
