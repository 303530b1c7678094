// Where this device keeps the answers of an attempt: IndexedDB; where that is missing, local
// storage; where that is switched off too, nothing, and `lasts` says so.
//   const place = await openPlace("7");
//   place.lasts; await place.all(); await place.put(answer); await place.remove("12"); await place.clear()
// An answer is { question, lines, sequence, clientId, receipt, file?, fileName? }.

const DATABASE = "hocvu-exams", TABLE = "answers", PATIENCE = 3_000;

export async function openPlace(attempt) {
  return (await openDatabase(attempt).catch(() => null)) ?? openLocalStorage(attempt) ?? nowhere();
}

const done = (asked) => new Promise((resolve, reject) => {
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = asked.onblocked = () => reject(asked.error ?? new Error("blocked"));
});

async function openDatabase(attempt) {
  const asked = indexedDB.open(DATABASE, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(TABLE, { keyPath: ["attempt", "question"] });
  const tooLong = new Promise((_, reject) => { setTimeout(reject, PATIENCE, new Error("no answer")); });
  const database = await Promise.race([done(asked), tooLong]);
  const own = IDBKeyRange.bound([attempt, ""], [attempt, "\uffff"]);
  // Committed at once: closing the page a moment later must not undo it.
  const write = (act) => new Promise((resolve, reject) => {
    const change = database.transaction(TABLE, "readwrite", { durability: "strict" });
    change.oncomplete = () => resolve(true);
    change.onerror = change.onabort = () => reject(change.error);
    act(change.objectStore(TABLE));
    change.commit?.();
  });
  return {
    lasts: true,
    all: () => done(database.transaction(TABLE).objectStore(TABLE).getAll(own)),
    put: (answer) => write((table) => table.put({ ...answer, attempt })),
    remove: (question) => write((table) => table.delete([attempt, question])),
    clear: () => write((table) => table.delete(own)),
  };
}

// A file cannot be kept as text: its answer lives as long as the page.
function openLocalStorage(attempt) {
  const prefix = `hocvu-exams/${attempt}/`, name = (question) => prefix + question;
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  try {
    localStorage.setItem(prefix, "");
    localStorage.removeItem(prefix);
  } catch { return null; }
  return {
    lasts: true,
    all: async () => keys().map((key) => JSON.parse(localStorage.getItem(key))),
    put: async (answer) => {
      if (answer.file) return false;
      localStorage.setItem(name(answer.question), JSON.stringify(answer));
      return true;
    },
    remove: async (question) => localStorage.removeItem(name(question)),
    clear: async () => keys().forEach((key) => localStorage.removeItem(key)),
  };
}

function nowhere() {
  return { lasts: false, all: async () => [], put: async () => false, remove: async () => {}, clear: async () => {} };
}
