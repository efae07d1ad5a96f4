/** Rows and columns that a key goes on by, in a grid of places. */
export const ARROWS: Readonly<Record<string, readonly [down: number, across: number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** The arrow keys go to the neighbours of a page, unless somebody is typing or moving in a map. */
const RELATIONS: Readonly<Record<string, string>> = { ArrowLeft: "prev", ArrowRight: "next" };

document.addEventListener("keydown", (event) => {
  const relation = RELATIONS[event.key];
  const isElsewhere = event.target instanceof Element &&
    event.target.closest("input, select, textarea, [role=application], canvas") !== null;
  if (!relation || isElsewhere || event.altKey || event.ctrlKey || event.metaKey) return;
  document.querySelector<HTMLAnchorElement>(`a[rel=${relation}]`)?.click();
});
