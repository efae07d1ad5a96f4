import type { ModelDetails } from "../../../shared/api/mod.ts";
import { decodeNpy } from "../../../shared/tensor/npy.ts";
import type { Tensor } from "../../../shared/tensor/tensor.ts";
import type { SearchEntry } from "../gallery/search_entries.ts";
import { fetchModel, fetchModels } from "./api.ts";
import { ChannelGrid } from "./channel_grid.ts";
import { element } from "./element.ts";
import { runLocally } from "./local/run_locally.ts";

const form = element("live", HTMLFormElement);
const model = element("model", HTMLSelectElement);
const layer = element("layer", HTMLSelectElement);
const go = element("go", HTMLButtonElement);
const status = element("status", HTMLElement);
const stage = element("stage", HTMLElement);
const video = element("video", HTMLVideoElement);
const unit = element("unit", HTMLElement);
const grid = new ChannelGrid(element("channels", HTMLCanvasElement), choose);

/** Layers whose units are worth looking at come first in this list. */
const FIRST_CHOICE = "conv3";

const entries: Promise<SearchEntry[]> = fetch("/search.json")
  .then((answer) => answer.json())
  .catch(() => []);

let camera: MediaStream | undefined;
let isPaused = false;

begin().catch(showError);

async function begin(): Promise<void> {
  const models = (await fetchModels()).filter(({ available }) => available);
  model.replaceChildren(...models.map(({ id, title }) => new Option(title, id)));
  model.disabled = models.length === 0;
  if (models.length === 0) {
    status.textContent = "There is no network on this server yet.";
    return;
  }
  model.addEventListener("change", () => fillLayers().catch(showError));
  await fillLayers();
  go.disabled = false;
}

async function fillLayers(): Promise<void> {
  const { id, layers }: ModelDetails = await fetchModel(model.value);
  if (id !== model.value) return;
  layer.replaceChildren(...layers.map(({ alias }) => new Option(alias)));
  const wish = layers.find(({ alias }) => alias === FIRST_CHOICE) ??
    layers[Math.floor(layers.length / 2)];
  if (wish) layer.value = wish.alias;
  layer.disabled = false;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    if (!camera) await start();
    else if (isPaused) resume();
    else pause();
  } catch (error) {
    showError(error);
  }
});

async function start(): Promise<void> {
  status.textContent = "Asking for the camera …";
  camera = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 320 } });
  video.srcObject = camera;
  await video.play();
  stage.hidden = false;
  resume();
}

function resume(): void {
  isPaused = false;
  unit.hidden = true;
  go.textContent = "Pause";
  video.play();
  look().catch(showError);
}

function pause(): void {
  isPaused = true;
  go.textContent = "Go on";
  video.pause();
}

/** Frame after frame, each when the one before is done. */
async function look(): Promise<void> {
  let mean = 0;
  while (!isPaused) {
    const started = performance.now();
    grid.draw(await activationsOf(await frame()), layer.value);
    const milliseconds = performance.now() - started;
    mean = mean === 0 ? milliseconds : 0.9 * mean + 0.1 * milliseconds;
    status.textContent = `${(1000 / mean).toFixed(1)} pictures a second`;
  }
}

/** The middle square of what the camera sees. */
async function frame(): Promise<Blob> {
  const side = Math.min(video.videoWidth, video.videoHeight);
  const canvas = new OffscreenCanvas(side, side);
  const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
  canvas.getContext("2d")!.drawImage(video, left, top, side, side, 0, 0, side, side);
  return await canvas.convertToBlob({ type: "image/png" });
}

async function activationsOf(image: Blob): Promise<Tensor<"float32">> {
  const fields = new FormData();
  fields.set("model", model.value);
  fields.set("layer", layer.value);
  fields.set("image", image);
  for await (const event of runLocally("activations", fields, new AbortController().signal)) {
    if (event.type !== "result") continue;
    const { arrays, pictures } = event.result;
    const answer = await fetch(arrays.activations.url);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    for (const { url } of [...Object.values(arrays), ...Object.values(pictures)]) {
      URL.revokeObjectURL(url);
    }
    return decodeNpy(bytes) as Tensor<"float32">;
  }
  throw new Error("The network gave no answer");
}

async function choose(channel: number): Promise<void> {
  pause();
  const name = `${layer.value}:${channel}`;
  element("unit-name", HTMLElement).textContent = name;
  const title = model.selectedOptions[0].text;
  const found = (await entries).find((entry) =>
    entry.name === name && entry.kind === `unit of ${title}`
  );
  const picture = element("unit-picture", HTMLImageElement);
  const link = element("unit-link", HTMLAnchorElement);
  picture.hidden = found?.picture === undefined;
  if (found?.picture) picture.src = found.picture;
  picture.alt = `Synthetic picture that excites ${name}`;
  link.hidden = found === undefined;
  if (found) link.href = found.href;
  unit.hidden = false;
}

function showError(error: unknown): void {
  status.textContent = error instanceof DOMException && error.name === "NotAllowedError"
    ? "The camera was refused: allow it for this page, and start again."
    : error instanceof Error
    ? error.message
    : String(error);
}
