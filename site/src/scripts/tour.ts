import { ApiError } from "./api.ts";
import { element } from "./element.ts";
import { imageInput } from "./image_input.ts";
import { listLocal } from "./local/list_local.ts";
import { LiveStop } from "./live_stop.ts";
import { orderSamples } from "./order_samples.ts";

const panel = element("drop", HTMLElement);
const network = element("model", HTMLSelectElement);

const stops = [...document.querySelectorAll<HTMLElement>(".live")].map((root) =>
  new LiveStop(root, () => network.value)
);

imageInput(({ blob }) => {
  for (const stop of stops) stop.image = blob;
});
network.addEventListener("change", () => {
  orderSamples(network.value);
  for (const stop of stops) stop.clear();
});
begin();

async function begin(): Promise<void> {
  const { models } = await listLocal().catch((error) => {
    if (error instanceof ApiError) return { models: [] };
    throw error;
  });
  // Without a network there is nothing to run: the text and the figures are all there is.
  if (models.length === 0) return;
  network.replaceChildren(...models.map(({ id, title }) => new Option(title, id)));
  orderSamples(network.value);
  panel.hidden = false;
  for (const stop of stops) stop.offer();
  document.querySelector<HTMLButtonElement>("[data-sample]")?.click();
}
