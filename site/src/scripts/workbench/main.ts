/**
 * The workbench: an image, a network, a method, and what comes of them.
 *
 * @module
 */
import type { RunResult } from "../../../../shared/api/mod.ts";
import type { ProbableClass } from "../../../../shared/network/most_probable.ts";
import { ApiError, fetchModel, runMethod } from "../api.ts";
import { element } from "../element.ts";
import { type ChosenImage, imageInput } from "../image_input.ts";
import { placeOf, runLocally } from "../local/run_locally.ts";
import { methodChoice } from "../method_choice.ts";
import { modelChoice } from "../model_choice.ts";
import { StrokePad } from "../strokes/stroke_pad.ts";
import { PageAddress } from "./page_address.ts";
import { stateOf } from "./address.ts";
import { Camera, cameraProblem } from "./camera.ts";
import { ChannelStage } from "./channel_stage.ts";
import { type Asked, isCheap, Rates } from "./cost.ts";
import { EarlierResults } from "./earlier.ts";
import { FirstLook } from "./first_look.ts";
import { fieldsOf, isLocal, optionOf, setOptions } from "./job_form.ts";
import { LayerPicker } from "./layer_picker.ts";
import { ownNetwork } from "./own_network.ts";
import { sourceOf } from "./result_source.ts";
import { RunStage } from "./run_stage.ts";
import { sheet } from "./sheet.ts";
import { SimilarityStage } from "./similarity_stage.ts";
import { TopFive } from "./top_five.ts";

/** From the last change of an option to the run that it asks for. */
const DEBOUNCE_MS = 250;

const form = element("job", HTMLFormElement);
const run = element("run", HTMLButtonElement);
const again = element("cut-again", HTMLButtonElement);
const cancel = element("cancel", HTMLButtonElement);
const target = element("target", HTMLInputElement);
const network = element("model", HTMLSelectElement);

let image: ChosenImage | undefined;
let input = { height: 0, width: 0 };
let job: AbortController | undefined;
let firstLook: AbortController | undefined;
let later: ReturnType<typeof setTimeout> | undefined;

const rates = new Rates();
const picker = new LayerPicker(async () => (await fetchModel(network.value, true)).layers);
const channels = new ChannelStage(({ method, unit }) => runWith(method, { unit }));
const similar = new SimilarityStage();
const stage = new RunStage(channels, similar);
const earlier = new EarlierResults((result, source) => stage.show(result, source));
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
  async view() {
    return { ...await placeOf(network.value), layer: optionOf("activations", "layer") || "auto" };
  },
  onFrame({ activations, layer, classes, framesPerSecond }) {
    stage.showLive();
    channels.draw(activations, layer);
    topFive.show(classes);
    stage.say(`${framesPerSecond.toFixed(1)} fps. Every channel of ${layer}, in this browser.`);
  },
  onPicture: (blob) =>
    images.choose({ blob, name: "camera.png", path: "camera.png", isSample: false }),
  onError: (error) => stage.fail("The camera cannot be looked through", cameraProblem(error)),
});
const models = modelChoice((model) => {
  pad.setInput(model.manifest.input);
  picker.setLayers(model.layers);
  channels.setModel(model);
  similar.setModel(model);
  input = model.manifest.input;
  showCost();
}, showError);

const images = imageInput((chosen) => {
  camera.stop();
  image = chosen;
  stage.forgive();
  pad.setImage(chosen.blob);
  address.write();
  lookFirst();
});

restore();
listModels(stateOf(location.search).network).then((some) => {
  const { sample } = stateOf(location.search);
  const found = document.querySelector<HTMLElement>(`[data-name="${CSS.escape(sample)}"]`);
  if (some && sample !== "") found?.click();
}, showError);
ownNetwork(
  ({ id }) => listModels(id).then(lookAgain, showError),
  () => listModels().then(lookAgain, showError),
);

form.addEventListener("change", ({ target: changed }) => {
  // How a network of one's own is opened says when it is.
  if (element("own-network", HTMLElement).contains(changed as Node)) return;
  address.write();
  showCost();
  if (changed === network) return lookFirst();
  if (changed instanceof HTMLInputElement && changed.type === "file") return;
  runLater();
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  closeSheet();
  if (camera.isOn) return await camera.take();
  await images.settled();
  if (image || method().takes.image !== "required") return await start();
  stage.fail("No image yet", "Choose one, or take a sample.");
});
cancel.addEventListener("click", () => job?.abort());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") job?.abort();
});
// Each run is a step of the history: going back shows what was looked at before.
addEventListener("popstate", () => location.reload());

/** Lists the networks anew. */
async function listModels(chosen?: string): Promise<boolean> {
  const some = await models.list(chosen);
  element("no-network", HTMLElement).hidden = some;
  run.disabled = !some;
  return some;
}

function lookAgain(): void {
  address.write();
  lookFirst();
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
  input,
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

const runner = () => isLocal() ? runLocally : runMethod;

/** Runs what the form says; what runs now is cancelled. */
async function start(): Promise<void> {
  address.ran();
  clearTimeout(later);
  firstLook?.abort();
  job?.abort();
  camera.stop();
  const own = job = new AbortController();
  setRunning(true);
  stage.begin();
  const [here, work, local] = [place(), asked(), isLocal()];
  const fields = fieldsOf(image, method());
  const source = sourceOf(fields, image?.blob);
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
  if (camera.isOn || !isReady() || !isCheap(asked())) return;
  later = setTimeout(() => {
    if (form.checkValidity()) start();
  }, DEBOUNCE_MS);
}

const isReady = () => (!run.disabled || job !== undefined) && image !== undefined;

/** Shows what the network takes the image for, and a map of one pass, as soon as there is one. */
async function lookFirst(): Promise<void> {
  clearTimeout(later);
  job?.abort();
  firstLook?.abort();
  topFive.hide();
  if (!isReady()) return;
  const { signal } = firstLook = new AbortController();
  const fields = fieldsOf(image, method());
  fields.set("image", image!.blob, image!.name);
  const look = new FirstLook(fields, runner(), signal);
  try {
    const result = await look.resultOf("classify");
    if (signal.aborted) return;
    topFive.show(result.measures.classes as unknown as readonly ProbableClass[]);
    learnPass(result);
    if (isCheap(asked())) return await start();
    if (method().takes.image === "required" && method().id !== "segment") {
      const gradient = await look.resultOf("gradient");
      if (signal.aborted) return;
      await stage.show(gradient, sourceOf(fields, image?.blob));
    }
    // The first pass opened the network as well: the second one tells what a pass takes.
    learnPass(await look.resultOf("classify"));
  } catch (error) {
    if (!signal.aborted) showError(error);
  }
}

function learnPass({ milliseconds }: RunResult): void {
  rates.learn(place(), { ...asked(), method: "classify" }, milliseconds);
  showCost();
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
