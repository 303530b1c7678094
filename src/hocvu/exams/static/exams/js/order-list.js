// Things to be put in order: buttons move them up and down, lists give each its place; both agree.
//   <ol data-order><li data-thing="…"><select>…</select> … <span data-moves hidden><button data-move="-1">…</span></li></ol>
//   enhanceOrder(list, (sentence) => announce, changed);  followOrder(list): after it was filled anew

export function enhanceOrder(list, said, changed) {
  for (const moves of list.querySelectorAll("[data-moves]")) moves.hidden = false;
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) move(list, button, said, changed);
  });
  // Before the question hears of it: a place taken from another thing is exchanged.
  list.addEventListener("change", (event) => exchange(list, event.target), { capture: true });
  followOrder(list);
  remember(list);
}

const things = (list) => [...list.children];
const field = (thing) => thing.querySelector("select");
const place = (thing) => Number(field(thing).value.split("=").at(-1)) || 0;
const setPlace = (thing, at) => { field(thing).selectedIndex = at; };
const remember = (list) => { for (const thing of things(list)) thing.dataset.place = place(thing); };

function move(list, button, said, changed) {
  const thing = button.closest("li"), by = Number(button.dataset.move);
  const neighbour = by < 0 ? thing.previousElementSibling : thing.nextElementSibling;
  if (neighbour) neighbour[by < 0 ? "before" : "after"](thing);
  things(list).forEach((each, at) => setPlace(each, at + 1));
  remember(list);
  button.focus();
  said({ thing: thing.dataset.thing, n: place(thing), all: list.children.length });
  changed();
}

function exchange(list, chosen) {
  const thing = chosen.closest("li"), now = place(thing), before = Number(thing.dataset.place);
  const other = things(list).find((each) => each !== thing && now && place(each) === now);
  if (other) setPlace(other, before);
  remember(list);
}

// Those with a place stand in its order; the others follow as they were.
export function followOrder(list) {
  if (!list) return;
  const last = list.children.length + 1;
  const ordered = things(list).sort((one, other) => (place(one) || last) - (place(other) || last));
  if (ordered.some((thing, at) => thing !== list.children[at])) list.append(...ordered);
  remember(list);
}
