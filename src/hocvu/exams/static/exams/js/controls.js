// The fields of one question, whatever its kind, read and filled as the lines of an answer.
//   linesOf(fieldset)            → ["b"], ["p1=true", "p2=false"], ["text=…"]
//   show(fieldset, lines)        fills the fields; isText(field): answered by typing
// A radio, a checkbox and a choice in a list carry whole lines; a field with data-part="p1" makes
// its line of what is written in it. A file is handed in beside these; a checkbox stands for it.

const isChoice = (field) => field.type === "radio" || field.type === "checkbox";
export const isText = (field) => field.matches("[data-part]");

const fieldsOf = (group) => [...group.querySelectorAll("input, select, textarea")]
  .filter((field) => isChoice(field) || isText(field) || field.matches("select"));

function lineOf(field) {
  if (isChoice(field)) return field.checked ? field.value : "";
  if (isText(field)) return field.value.trim() ? `${field.dataset.part}=${field.value}` : "";
  return field.value;
}

export const linesOf = (group) => fieldsOf(group).map(lineOf).filter(Boolean).sort();

export const sameLines = (some, others) => some.length === others.length && [...some].sort().join("\n") === [...others].sort().join("\n");

export function show(group, lines) {
  for (const field of fieldsOf(group)) {
    if (isChoice(field)) field.checked = lines.includes(field.value);
    else if (isText(field)) fill(field, lines);
    else field.value = lines.find((line) => [...field.options].some((option) => option.value === line)) ?? "";
  }
}

// Left alone when it says so already: the cursor stays where it is.
function fill(field, lines) {
  const start = `${field.dataset.part}=`;
  const text = lines.find((line) => line.startsWith(start))?.slice(start.length) ?? "";
  if (field.value !== text) field.value = text;
}
