// A question answered with a file: a checkbox stands for the file that is handed in.
//   <div data-file-kept>…</div> <input type="file" data-file="/…/files/12/"> <progress data-progress hidden></progress>
//   fileIn(group) → the field;  showFile(group, words, name);  showProgress(group, words, share)

const LARGEST = 10 * 1024 * 1024;

export const fileFieldOf = (group) => group.querySelector("[data-file]");

// The file that was chosen, or why not.
export function chosenFile(field, words) {
  const file = field.files[0] ?? null;
  if (file && file.size > LARGEST) return { file: null, problem: words.of("file-too-large") };
  return { file, problem: "" };
}

// After the server has it: its line, and the name it goes by.
export function showFile(group, lines, words, name) {
  const kept = group.querySelector("[data-file-kept]");
  const known = kept.querySelector("[data-file-name]")?.textContent ?? "";
  showProgress(group, words, null);
  if (!lines.length) return kept.querySelector("input")?.toggleAttribute("checked", false);
  if (kept.querySelector("input")?.value === lines[0]) return undefined;
  const box = Object.assign(document.createElement("input"), { type: "checkbox", name: `q-${group.dataset.question}`, value: lines[0], checked: true });
  const said = document.createElement("span"), label = document.createElement("label");
  label.className = "exam-option";
  said.append(`${words.of("file-hand-in")} `, Object.assign(document.createElement("b"), { textContent: name || known }));
  said.lastChild.dataset.fileName = "";
  label.append(box, said);
  return kept.replaceChildren(label);
}

export function showProgress(group, words, share) {
  const bar = group.querySelector("[data-progress]");
  bar.hidden = share === null;
  bar.value = Math.floor((share ?? 0) * 100);
  if (share !== null) words.beside(group, words.of("file-sending", { n: bar.value }), "is-kept");
}
