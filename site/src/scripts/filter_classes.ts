import { element } from "./element.ts";

/** Finds classes of a network by their name; pages with few classes have no such field. */
const field = document.getElementById("class-filter");
if (field instanceof HTMLInputElement) {
  const rest = element("class-rest", HTMLDetailsElement);
  const count = element("class-count", HTMLElement);
  const cards = [
    ...document.querySelectorAll<HTMLElement>("#class-tiles .card, #class-rest .card"),
  ].map((card) => ({ card, name: nameOf(card) }));
  field.closest<HTMLElement>("[hidden]")!.hidden = false;
  field.addEventListener("input", () => {
    const text = field.value.trim().toLowerCase();
    let found = 0;
    for (const { card, name } of cards) {
      card.hidden = !name.includes(text);
      if (!card.hidden) found++;
    }
    // What is found there would not be seen.
    rest.open = text !== "";
    count.textContent = text === "" ? "" : `${found} of ${cards.length}`;
  });
}

/** All names of a class: the caption has only the first. */
function nameOf(card: HTMLElement): string {
  const alt = card.querySelector("img")?.alt ?? "";
  return `${card.textContent} ${alt}`.toLowerCase();
}
