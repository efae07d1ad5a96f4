/**
 * The workbench: an image, a network, a method, and what comes of them.
 *
 * @module
 */
import type { ModelDetails } from "../../../../shared/api/mod.ts";
import type { ProbableClass } from "../../../../shared/network/class_scores.ts";
import { ApiError, fetchModel, runMethod } from "../api.ts";
import { element } from "../element.ts";
import { type ChosenImage, imageInput } from "../image_input.ts";
import { localLink } from "../local/local_link.ts";
import { placeOf, runLocally } from "../local/run_locally.ts";
import { methodChoice } from "../method_choice.ts";
import { modelChoice } from "../model_choice.ts";
import { orderSamples } from "../order_samples.ts";
import { StrokePad } from "../strokes/stroke_pad.ts";
import { PageAddress } from "./page_address.ts";
import { stateOf } from "./address.ts";
import { Camera, cameraProblem } from "./camera.ts";
import { targetFor } from "./carry_over.ts";
import { ChannelStage, type UnitQuestion } from "./channel_stage.ts";
import { type Asked, isCheap, Rates } from "./cost.ts";
import { freeResult } from "../downloads.ts";
import { EarlierResults } from "./earlier.ts";
import { FirstLook, type Runner } from "./first_look.ts";
import { fieldsOf, forgetOtherLayers, isLocal, optionOf, setOptions } from "./job_form.ts";
import { LayerPicker } from "./layer_picker.ts";
import { ownNetwork } from "./own_network.ts";
import { sourceOf } from "./result_source.ts";
import { RunStage } from "./run_stage.ts";
import { sheet } from "./sheet.ts";
import { SimilarityStage } from "./similarity_stage.ts";
import { TopFive } from "./top_five.ts";

/** From the last change of an option to the run that it asks for. */
const DEBOUNCE_MS = 250;
/** Between two reports of how fast the camera is looked through: a screen reader reads each out. */
const SAY_MS = 5000;

const form = element("job", HTMLFormElement);
const run = element("run", HTMLButtonElement);
const again = element("cut-again", HTMLButtonElement);
const cancel = element("cancel", HTMLButtonElement);
const target = element("target", HTMLInputElement);
const network = element("model", HTMLSelectElement);

let image: ChosenImage | undefined;
/** The network that is chosen, once it is described. */
let model: ModelDetails | undefined;
let job: AbortController | undefined;
/** What the network takes the image for, and the map that is shown until one is asked for. */
let firstLook: AbortController | undefined;
let firstMap: AbortController | undefined;
let saidAt = -Infinity;
let later: ReturnType<typeof setTimeout> | undefined;

const rates = new Rates();
const picker = new LayerPicker(async () => (await fetchModel(network.value, true)).layers);
const channels = new ChannelStage(askUnit);
const stage = new RunStage(channels, new SimilarityStage());
const earlier = new EarlierResults((result, source) => {
  stage.show(result, source).catch(showError);
});
const pad = new StrokePad(element("option-segment-strokes", HTMLInputElement));
const closeSheet = sheet();
const method = methodChoice(({ id }) => pad.want(id === "segment"));
const address = new PageAddress(() => ({ method: method(), image }), (text) => stage.say(text));
const topFive = new TopFive(({ label, index }) => {
  target.value = `${label} (${index})`;
  address.write();
  form.requestSubmit();
});
const camera = new Camera({
  onStart() {
    stopRuns();
    saidAt = -Infinity;
  },
  async view() {
    return { ...await placeOf(network.value), layer: optionOf("activations", "layer") || "auto" };
  },
  onFrame({ activations, layer, classes, framesPerSecond }) {
    stage.showLive();
    channels.showLive(activations, layer);
    topFive.show(classes);
    if (performance.now() < saidAt + SAY_MS) return;
    saidAt = performance.now();
    stage.say(`${framesPerSecond.toFixed(1)} fps. Every channel of ${layer}, in this browser.`);
  },
  onPicture: (blob) =>
    images.choose({ blob, name: "camera.png", path: "camera.png", isSample: false }),
  onError: (error) => stage.fail("The camera cannot be looked through", cameraProblem(error)),
});
const models = modelChoice((described) => {
  const isFirst = model === undefined;
  if (!isFirst && model?.id !== described.id) forgetOtherLayers(described.layers);
  model = described;
  orderSamples(model.id);
  target.value = targetFor(target.value, model.labels);
  pad.setInput(model.manifest.input);
  picker.setLayers(model.layers);
  showCost();
  // The address that the page came with names an image that has yet to be chosen.
  if (!isFirst) address.write();
  lookFirst();
}, showError);

const images = imageInput((chosen) => {
  camera.stop();
  image = chosen;
  pad.setImage(chosen.blob);
  address.write();
  lookFirst();
});

restore();
if (isLocal()) localLink.warm();
listModels(stateOf(location.search).network).then((some) => {
  const { sample } = stateOf(location.search);
  const found = document.querySelector<HTMLElement>(`[data-name="${CSS.escape(sample)}"]`);
  if (some && sample !== "" && !image) found?.click();
}, showError);
ownNetwork(
  ({ id }) => listModels(id).catch(showError),
  () => listModels().catch(showError),
);

form.addEventListener("change", ({ target: changed }) => {
  // How a network of one's own is opened says when it is.
  if (element("own-network", HTMLElement).contains(changed as Node)) return;
  address.write();
  showCost();
  if (isLocal()) localLink.warm();
  // Once another network is described, or the image is another input, it is looked at anew.
  if (changed === network) return stopRuns();
  if (changed instanceof Element && changed.id.startsWith("option-input-")) return lookFirst();
  if (changed instanceof HTMLInputElement && changed.type === "file") return;
  runLater();
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  closeSheet();
  if (camera.isOn) return await camera.take();
  await Promise.all([images.settled(), models.settled()]);
  if (image || method().takes.image !== "required") return await start();
  stage.fail("No image yet", "Choose one, or take a sample.");
});
cancel.addEventListener("click", () => job?.abort());
document.addEventListener("keydown", (event) => {
  // In a list that is open it closes that, and nothing else.
  if (event.key === "Escape" && !document.querySelector(":popover-open")) job?.abort();
});
// Each run is a step of the history: going back shows what was looked at before.
addEventListener("popstate", () => location.reload());

/** Lists the networks anew. */
async function listModels(chosen?: string): Promise<boolean> {
  const some = await models.list(chosen);
  element("no-network", HTMLElement).hidden = some;
  run.disabled = !some || job !== undefined;
  return some;
}

function restore(): void {
  const { target: asked, options } = stateOf(location.search);
  target.value = asked;
  setOptions(method().id, options);
}

/** What the form asks for, as far as its cost goes. */
const asked = (): Asked => ({
  method: method().id,
  option: (name) => optionOf(method().id, name),
  input: model?.manifest.input ?? { height: 0, width: 0 },
});

/** Where a run takes its time: in this browser or not, on which network. */
const place = () => `${isLocal()} ${network.value}`;

function showCost(): void {
  element("cost", HTMLElement).textContent = isCheap(asked()) ? "" : rates.textOf(place(), asked());
}

/** Chooses a method with options, and runs it. */
function runWith(id: string, options: Readonly<Record<string, string>>): void {
  const select = element("method", HTMLSelectElement);
  select.value = id;
  select.dispatchEvent(new Event("change"));
  setOptions(id, options);
  address.write();
  showCost();
  start();
}

/** A unit of another network or image would be another unit. */
function askUnit({ method, unit, source }: UnitQuestion): void {
  if (source.model.id === network.value && source.image === image?.blob) {
    return runWith(method, { unit });
  }
  stage.fail(
    "Another network or image is chosen now",
    `Choose ${source.model.title} and the image of these channels again to ask about ${unit}.`,
  );
}

const locally: Runner = (method, body, signal) =>
  runLocally(method, body, signal, (opening) => stage.opening(opening));

const runner = (): Runner => isLocal() ? locally : runMethod;

/** Runs what the form says; what runs now is cancelled. */
async function start(): Promise<void> {
  if (!model) return;
  address.ran();
  clearTimeout(later);
  firstMap?.abort();
  job?.abort();
  camera.stop();
  const own = job = new AbortController();
  setRunning(true);
  stage.begin();
  const [here, work, local] = [place(), asked(), isLocal()];
  const fields = fieldsOf(image, method());
  const source = sourceOf(fields, model, image?.blob);
  try {
    const result = await stage.follow(runner()(work.method, fields, own.signal), source);
    if (!result || job !== own) return;
    pad.showCut(result);
    stage.sayDone(result, local);
    earlier.add(result, source);
    rates.learn(here, work, result.milliseconds);
    showCost();
  } catch (error) {
    // Another run may have taken its place: then the page is that one's.
    if (job !== own) return;
    if (own.signal.aborted) stage.say("Cancelled.");
    else showError(error);
  } finally {
    if (job === own) {
      job = undefined;
      setRunning(false);
    }
  }
}

/** A cheap method runs by itself, once the options have not changed for a moment. */
function runLater(): void {
  clearTimeout(later);
  if (!isReady() || !isCheap(asked())) return;
  later = setTimeout(() => {
    if (form.checkValidity()) start();
  }, DEBOUNCE_MS);
}

const isReady = () => !camera.isOn && model?.id === network.value && image !== undefined;

/** What is shown stays. */
function stopRuns(): void {
  clearTimeout(later);
  for (const running of [job, firstLook, firstMap]) running?.abort();
  stage.endOpening();
  topFive.hide();
}

/** Shows what the network takes the image for, and a map of one pass, as soon as there is one. */
async function lookFirst(): Promise<void> {
  stopRuns();
  if (!isReady() || !image || !model) return;
  stage.forgive();
  const { signal } = firstLook = new AbortController();
  const { signal: mapSignal } = firstMap = new AbortController();
  const here = place();
  const fields = fieldsOf(image, method());
  fields.set("image", image.blob, image.name);
  const source = sourceOf(fields, model, image.blob);
  const look = new FirstLook(fields, runner());
  const classify = async (signal: AbortSignal) => {
    const result = await look.resultOf("classify", signal);
    freeResult(result);
    rates.learn(here, { ...asked(), method: "classify" }, result.milliseconds);
    showCost();
    return result.measures.classes as unknown as readonly ProbableClass[];
  };
  const hasClasses = model.classes > 0;
  try {
    const classes = hasClasses ? await classify(signal) : [];
    if (signal.aborted) return;
    if (hasClasses) topFive.show(classes);
    // A run may have been asked for meanwhile: then its result is the first.
    if (mapSignal.aborted) return;
    if (isCheap(asked())) {
      if (form.checkValidity()) await start();
      return;
    }
    if (!hasClasses) return;
    if (method().takes.image === "required" && method().id !== "segment") {
      const gradient = await look.resultOf("gradient", mapSignal);
      if (mapSignal.aborted) return;
      earlier.add(gradient, source);
      await stage.show(gradient, source);
    }
    // The first pass opened the network as well: the second one tells what a pass takes.
    if (!mapSignal.aborted && !rates.hasPass(here)) await classify(mapSignal);
  } catch (error) {
    if (signal.aborted || mapSignal.aborted) return;
    stage.endOpening();
    showError(error);
  }
}

function setRunning(running: boolean): void {
  for (const button of [run, again]) button.disabled = running;
  cancel.hidden = !running;
  if (!running) stage.end();
}

function showError(error: unknown): void {
  const { title, detail } = error instanceof ApiError
    ? error.problem
    : { title: "Something went wrong on this page", detail: `${error}` };
  stage.fail(title, detail);
}
