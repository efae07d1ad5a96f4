import type { ModelDetails } from "../../../shared/api/mod.ts";
import type { Tensor } from "../../../shared/tensor/tensor.ts";
import type { SearchEntry } from "../gallery/search_entries.ts";
import { BASE, fetchModel, fetchModels } from "./api.ts";
import { ChannelGrid } from "./channel_grid.ts";
import { element } from "./element.ts";
import type { LayerJob, LayerReply } from "./local/layer_worker.ts";

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
let looking: Promise<void> | undefined;
/** What the grid shows: it may be another layer than the one that is chosen by now. */
let drawn: { readonly network: string; readonly layer: string } | undefined;

const worker = new Worker(new URL("./local/layer_worker.ts", import.meta.url), { type: "module" });

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
  const requested = layers.find(({ alias }) => alias === FIRST_CHOICE) ??
    layers[Math.floor(layers.length / 2)];
  if (requested) layer.value = requested.alias;
  layer.disabled = false;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (camera) return pause();
  go.disabled = true;
  try {
    await start();
  } catch (error) {
    showError(error);
  } finally {
    go.disabled = false;
  }
});

async function start(): Promise<void> {
  status.textContent = "Asking for the camera …";
  camera = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 320 } });
  video.srcObject = camera;
  await video.play();
  status.textContent = "Loading the network …";
  stage.hidden = false;
  resume();
}

function resume(): void {
  unit.hidden = true;
  go.textContent = "Pause";
  looking ??= look().catch(showError).finally(() => looking = undefined);
}

/** The camera is given back: its light goes out. What it saw last stays in the video. */
function pause(): void {
  go.textContent = "Resume";
  video.pause();
  for (const track of camera?.getTracks() ?? []) track.stop();
  camera = undefined;
}

globalThis.addEventListener("pagehide", pause);

/** Frame after frame, each when the one before is done. */
async function look(): Promise<void> {
  let mean = 0;
  while (camera) {
    const started = performance.now();
    const network = model.selectedOptions[0].text;
    const job = { origin: BASE, model: model.value, layer: layer.value, image: await frame() };
    grid.draw(await activationsOf(job));
    drawn = { network, layer: job.layer };
    const milliseconds = performance.now() - started;
    mean = mean === 0 ? milliseconds : 0.9 * mean + 0.1 * milliseconds;
    status.textContent = `${(1000 / mean).toFixed(1)} fps`;
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

function activationsOf(job: LayerJob): Promise<Tensor<"float32">> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<LayerReply>) => {
      if ("failure" in data) reject(new Error(data.failure));
      else resolve(data.activations);
    };
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(job);
  });
}

async function choose(channel: number): Promise<void> {
  pause();
  if (!drawn) return;
  const name = `${drawn.layer}:${channel}`;
  const kind = `unit of ${drawn.network}`;
  element("unit-name", HTMLElement).textContent = name;
  const found = (await entries).find((entry) => entry.name === name && entry.kind === kind);
  const image = element("unit-image", HTMLImageElement);
  const link = element("unit-link", HTMLAnchorElement);
  image.hidden = found?.image === undefined;
  if (found?.image) image.src = found.image;
  image.alt = `Synthetic image that activates ${name}`;
  link.hidden = found === undefined;
  if (found) link.href = found.href;
  unit.hidden = false;
}

function showError(error: unknown): void {
  if (camera) pause();
  status.textContent = error instanceof DOMException && error.name === "NotAllowedError"
    ? "The camera was refused: allow it for this page, and start again."
    : error instanceof Error
    ? error.message
    : String(error);
}
