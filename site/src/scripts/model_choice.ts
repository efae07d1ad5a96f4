import type { ModelDetails } from "../../../shared/api/mod.ts";
import { fetchModel, fetchModels } from "./api.ts";
import { element } from "./element.ts";
import { stateOf } from "./workbench/address.ts";

/**
 * Fills the list of networks, and the classes of the one that is chosen.
 *
 * @param onChoice Told of every network that is chosen, the first too.
 * @returns Whether there is a network to choose.
 */
export async function modelChoice(onChoice: (model: ModelDetails) => void): Promise<boolean> {
  const select = element("model", HTMLSelectElement);
  const classes = element("classes", HTMLDataListElement);
  const layerNames = element("layers", HTMLDataListElement);
  const about = element("about-model", HTMLElement);
  const models = (await fetchModels()).filter((model) => model.available && model.classes > 0);
  select.replaceChildren(...models.map(({ id, title }) => new Option(title, id)));
  const requested = stateOf(location.search).network;
  if (models.some(({ id }) => id === requested)) select.value = requested;
  select.disabled = models.length === 0;
  if (models.length === 0) return false;

  async function describe(): Promise<void> {
    const model = await fetchModel(select.value);
    const { id, labels, layers, licence, bytes, input } = model;
    if (id !== select.value) return;
    onChoice(model);
    classes.replaceChildren(...labels.map((label, i) => new Option("", `${label} (${i})`)));
    layerNames.replaceChildren(...layers.map(({ alias }) => new Option("", alias)));
    const size = bytes === null ? "" : `, ${(bytes / 1e6).toFixed(0)} MB`;
    about.textContent =
      `${labels.length} classes, ${input.width} × ${input.height} pixels${size}. ` +
      `Licence: ${licence.name}.`;
  }

  select.addEventListener("change", describe);
  await describe();
  return true;
}

/** The class that a person typed, as the server takes it: an index, a label, or nothing. */
export function classOf(text: string): string {
  return /\((\d+)\)\s*$/.exec(text)?.[1] ?? text.trim();
}
