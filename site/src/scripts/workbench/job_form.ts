import type { ModelDetails } from "../../../../shared/api/mod.ts";
import { element } from "../element.ts";
import type { ChosenImage } from "../image_input.ts";
import type { ChosenMethod } from "../method_choice.ts";
import { classOf } from "../model_choice.ts";
import { namesLayer } from "./carry_over.ts";

type Field = HTMLInputElement | HTMLSelectElement;

const form = element("job", HTMLFormElement);
const target = element("target", HTMLInputElement);

/** Fields of the form that are no fields of a request. */
const OWN: ReadonlySet<string> = new Set(["target", "where"]);

/** The form as the server takes it: what is empty takes its default. */
export function fieldsOf(
  image: ChosenImage | undefined,
  { hasTarget, takes }: Pick<ChosenMethod, "hasTarget" | "takes">,
): FormData {
  const fields = new FormData();
  for (const [name, value] of new FormData(form)) {
    if (OWN.has(name)) continue;
    if (value instanceof File ? value.size > 0 : value !== "") fields.append(name, value);
  }
  if (image && takes.image) fields.set("image", image.blob, image.name);
  const asked = classOf(target.value);
  if (hasTarget && asked !== "") fields.set("target", asked);
  return fields;
}

/** What an option of a method says; empty where there is no such option. */
export function optionOf(method: string, name: string): string {
  return name === "target" ? classOf(target.value) : fieldOf(method, name)?.value ?? "";
}

/** The options of a method, and of its input, that are not as they were at first. */
export function changedOptions(method: string): Record<string, string> {
  const fields = document.querySelectorAll<Field>(
    `[id^="option-${method}-"][name], [id^="option-input-"][name]`,
  );
  return Object.fromEntries(
    [...fields]
      .filter((field) => field.value !== firstValue(field))
      .map(({ name, value }) => [name, value]),
  );
}

/** Sets options of a method, or of its input; names that are neither are left alone. */
export function setOptions(method: string, options: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(options)) {
    const field = fieldOf(method, name) ?? fieldOf("input", name);
    if (field) field.value = value;
  }
}

/** Options that name a layer, or a unit, which the network does not have are as they were at first. */
export function forgetOtherLayers(layers: ModelDetails["layers"]): void {
  for (const field of form.querySelectorAll<HTMLInputElement>("input[data-takes]")) {
    if (!namesLayer(field.value, layers)) field.value = field.defaultValue;
  }
}

/** Whether what is asked for is computed in this browser. */
export function isLocal(): boolean {
  return new FormData(form).get("where") === "browser";
}

function fieldOf(method: string, name: string): Field | undefined {
  const found = document.getElementById(`option-${method}-${name}`);
  return found instanceof HTMLInputElement || found instanceof HTMLSelectElement
    ? found
    : undefined;
}

function firstValue(field: Field): string {
  if (field instanceof HTMLInputElement) return field.defaultValue;
  return [...field.options].find(({ defaultSelected }) => defaultSelected)?.value ??
    field.options[0].value;
}
