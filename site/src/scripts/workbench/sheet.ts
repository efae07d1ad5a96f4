import { element } from "../element.ts";

/**
 * On a narrow screen the rail is a sheet from below, which a button opens; the focus goes
 * there with it, and back to the button.
 *
 * @returns Closes it.
 */
export function sheet(): () => void {
  const rail = element("rail", HTMLElement);
  const button = element("open-rail", HTMLButtonElement);
  const set = (isOpen: boolean) => {
    rail.classList.toggle("open", isOpen);
    button.ariaExpanded = String(isOpen);
    button.textContent = isOpen ? "Close" : "Options";
    if (isOpen) rail.focus();
    else if (rail.contains(document.activeElement)) button.focus();
  };
  button.addEventListener("click", () => set(!rail.classList.contains("open")));
  document.addEventListener("keydown", ({ key }) => {
    // In a list that is open it closes that, and nothing else.
    if (key === "Escape" && !document.querySelector(":popover-open")) set(false);
  });
  // What is chosen is seen at once: an image closes the sheet, an option does not.
  for (const chooser of document.querySelectorAll("[data-sample], #camera")) {
    chooser.addEventListener("click", () => set(false));
  }
  element("file", HTMLInputElement).addEventListener("change", () => set(false));
  return () => set(false);
}
