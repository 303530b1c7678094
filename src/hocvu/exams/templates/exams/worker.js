// Gives the page of an attempt back when there is no network. Nothing else is kept: not the result,
// not the page to hand in, no page of anybody else. The page is always asked for first; whatever
// the server says but "here it is" (signed out, handed in, not yours) makes this forget it.
const CACHE = "hocvu-attempt", LONGEST = 6 * 3_600_000, PATIENCE = 8_000;
const ATTEMPT = /\/attempts\/\d+\/$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { keep, parts } = event.data ?? {};
  if (keep && ATTEMPT.test(keep)) event.waitUntil(keepWhole(keep, parts));
});

self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (ATTEMPT.test(pathname)) event.respondWith(page(request, pathname));
  } else if (["script", "style", "image", "font"].includes(request.destination)) {
    event.respondWith(part(request));
  }
});

async function keepWhole(path, parts) {
  const cache = await caches.open(CACHE);
  if (!(await cache.match(path, { ignoreVary: true }))) await keepPage(cache, path, await fetch(path, { redirect: "manual" }));
  await Promise.allSettled(parts.map((each) => cache.add(each)));
}

async function page(request, path) {
  const cache = await caches.open(CACHE), kept = await cache.match(path, { ignoreVary: true });
  const asked = fetch(request);
  try {
    const answer = await (kept ? Promise.race([asked, silence()]) : asked);
    await keepPage(cache, path, answer.clone());
    return answer;
  } catch (failure) {
    if (kept && Date.now() - Date.parse(kept.headers.get("Date")) < LONGEST) return kept;
    await cache.delete(path);
    throw failure;
  }
}

async function keepPage(cache, path, answer) {
  if (answer.ok && answer.type === "basic" && !answer.redirected) await cache.put(path, answer);
  else await cache.delete(path, { ignoreVary: true });
}

async function part(request) {
  try { return await fetch(request); } catch (failure) {
    const kept = await caches.match(request.url, { ignoreVary: true });
    if (kept) return kept;
    throw failure;
  }
}

const silence = () => new Promise((_, reject) => { setTimeout(reject, PATIENCE, new Error("no network")); });
