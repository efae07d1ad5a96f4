/** The arrow keys go to the neighbours of a page, unless somebody is typing or moving in a map. */
const RELATIONS: Readonly<Record<string, string>> = { ArrowLeft: "prev", ArrowRight: "next" };

document.addEventListener("keydown", (event) => {
  const relation = RELATIONS[event.key];
  const isElsewhere = event.target instanceof Element &&
    event.target.closest("input, select, textarea, [role=application], canvas") !== null;
  if (!relation || isElsewhere || event.altKey || event.ctrlKey || event.metaKey) return;
  document.querySelector<HTMLAnchorElement>(`a[rel=${relation}]`)?.click();
});
