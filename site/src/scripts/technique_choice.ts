import type { TechniqueInfo } from "../../../shared/api/mod.ts";
import { element } from "./element.ts";

/** The way to look that a person chose. */
export interface ChosenTechnique {
  readonly id: string;
  readonly takes: TechniqueInfo["takes"];
  /** Whether a class can be named. */
  readonly hasTarget: boolean;
}

/**
 * Shows the options of the technique that is chosen, and only sends those.
 *
 * @param onChoice Told of every choice, the first too.
 * @returns What is chosen now.
 */
export function techniqueChoice(
  onChoice: (technique: ChosenTechnique) => void,
): () => ChosenTechnique {
  const select = element("technique", HTMLSelectElement);
  const target = element("target-field", HTMLElement);
  const wish = new URL(location.href).searchParams.get("technique");
  if ([...select.options].some(({ value }) => value === wish)) select.value = wish!;

  function current(): ChosenTechnique {
    const fields = document.querySelector<HTMLFieldSetElement>(
      `fieldset[data-technique="${select.value}"]`,
    )!;
    const { takes = "{}", hasTarget } = fields.dataset;
    return { id: select.value, takes: JSON.parse(takes), hasTarget: hasTarget !== undefined };
  }

  function show(): void {
    for (const part of document.querySelectorAll<HTMLElement>("[data-technique]")) {
      part.hidden = part.dataset.technique !== select.value;
      if (part instanceof HTMLFieldSetElement) part.disabled = part.hidden;
    }
    const technique = current();
    target.hidden = !technique.hasTarget;
    onChoice(technique);
  }

  select.addEventListener("change", show);
  show();
  return current;
}
