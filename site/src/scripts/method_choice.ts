import type { MethodInfo } from "../../../shared/api/mod.ts";
import { element } from "./element.ts";

/** The method that a person chose. */
export interface ChosenMethod {
  readonly id: string;
  readonly takes: MethodInfo["takes"];
  /** Whether a class can be named. */
  readonly hasTarget: boolean;
}

/**
 * Shows the options of the method that is chosen, and only sends those.
 *
 * @param onChoice Told of every choice, the first too.
 * @returns What is chosen now.
 */
export function methodChoice(
  onChoice: (method: ChosenMethod) => void,
): () => ChosenMethod {
  const select = element("method", HTMLSelectElement);
  const target = element("target-field", HTMLElement);
  const requested = new URL(location.href).searchParams.get("method");
  if ([...select.options].some(({ value }) => value === requested)) select.value = requested!;

  function current(): ChosenMethod {
    const fields = document.querySelector<HTMLFieldSetElement>(
      `fieldset[data-method="${select.value}"]`,
    )!;
    const { takes = "{}", hasTarget } = fields.dataset;
    return { id: select.value, takes: JSON.parse(takes), hasTarget: hasTarget !== undefined };
  }

  function show(): void {
    for (const part of document.querySelectorAll<HTMLElement>("[data-method]")) {
      part.hidden = part.dataset.method !== select.value;
      if (part instanceof HTMLFieldSetElement) part.disabled = part.hidden;
    }
    const method = current();
    target.hidden = !method.hasTarget;
    onChoice(method);
  }

  select.addEventListener("change", show);
  show();
  return current;
}
