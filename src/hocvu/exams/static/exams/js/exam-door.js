// Loaded on the page before a test: makes ready what lets its questions be loaded again without a
// network, so that they are kept the first time they are shown.
//   <div data-worker="/tests/attempts/worker.js">…</div>

import { makeReady } from "./page-keeper.js";

makeReady(document.querySelector("[data-worker]").dataset.worker);
