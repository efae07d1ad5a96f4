import type { RunResult } from "../../../shared/api/mod.ts";
import { type Backend, BACKEND_TITLES } from "../../../shared/runtime/backend.ts";
import { ApiError, BASE, runMethod } from "./api.ts";
import { offerDownloads } from "./downloads.ts";
import { element } from "./element.ts";
import { isFile } from "./local/network_store.ts";
import { runLocally } from "./local/run_locally.ts";
import { MapStage } from "./map_stage.ts";
import { classOf, modelChoice } from "./model_choice.ts";
import { type ChosenImage, imageInput } from "./image_input.ts";
import { PlainStage } from "./plain_stage.ts";
import { StrokePad } from "./strokes/stroke_pad.ts";
import { methodChoice } from "./method_choice.ts";
import { isCheap } from "./workbench/cheap.ts";
import { queryOf, stateOf, type WorkbenchState } from "./workbench/address.ts";
import { commandOf, type CommandState, curlOf } from "./workbench/commands.ts";
import { EarlierResults } from "./workbench/earlier.ts";
import { ownNetwork } from "./workbench/own_network.ts";
import { type ProbableClass, TopFive } from "./workbench/top_five.ts";

const form = element("job", HTMLFormElement);
const run = element("run", HTMLButtonElement);
const again = element("cut-again", HTMLButtonElement);
const cancel = element("cancel", HTMLButtonElement);
const bar = element("bar", HTMLProgressElement);
const status = element("status", HTMLElement);
const alert = element("alert", HTMLElement);
const result = element("result", HTMLElement);
const files = element("files", HTMLElement);
const stage = new MapStage();
const plain = new PlainStage();
const pad = new StrokePad(element("option-segment-strokes", HTMLInputElement));
const earlier = new EarlierResults((found) => {
  result.hidden = true;
  plain.show(found);
  offerDownloads(files, found);
});
const method = methodChoice(({ id }) => pad.want(id === "segment"));

let image: ChosenImage | undefined;
let job: AbortController | undefined;
let firstLook: AbortController | undefined;
let later: ReturnType<typeof setTimeout> | undefined;

/** Whether what the address says has been run. */
let isRun = false;

/** From the last change of an option to the run that it asks for. */
const DEBOUNCE_MS = 250;

const target = element("target", HTMLInputElement);
const topFive = new TopFive(({ label, index }) => {
  target.value = `${label} (${index})`;
  writeAddress();
  form.requestSubmit();
});

imageInput((chosen) => {
  image = chosen;
  alert.hidden = true;
  pad.setImage(chosen.blob);
  writeAddress();
  classifyChosen(chosen);
});

restoreOptions();
form.addEventListener("change", ({ target: changed }) => {
  writeAddress();
  if (changed instanceof HTMLInputElement && changed.type === "file") return;
  runLater();
});
element("model", HTMLSelectElement).addEventListener(
  "change",
  () => image && classifyChosen(image),
);
const copies: Readonly<Record<string, [name: string, text: () => string]>> = {
  "copy-link": ["link", () => location.href],
  "copy-command": ["command", () => commandOf(commandState())],
  "copy-curl": ["request", () => curlOf(commandState(), BASE || location.origin)],
};
for (const [id, [name, text]] of Object.entries(copies)) {
  element(id, HTMLButtonElement).addEventListener("click", async () => {
    await navigator.clipboard.writeText(text());
    status.textContent = `The ${name} is copied.`;
  });
}

const models = modelChoice(({ manifest }) => pad.setInput(manifest.input), showError);

/** Lists the networks anew, and looks at the image through the one that is chosen. */
async function listModels(chosen?: string): Promise<boolean> {
  const some = await models.list(chosen);
  element("no-network", HTMLElement).hidden = some;
  run.disabled = !some;
  return some;
}

listModels(stateOf(location.search).network).then((some) => {
  if (some) chooseSample(stateOf(location.search).sample);
}, showError);

const chooseSample = (name: string) =>
  name !== "" &&
  document.querySelector<HTMLButtonElement>(`[data-name="${CSS.escape(name)}"]`)?.click();

const lookAgain = () => {
  writeAddress();
  if (image) classifyChosen(image);
};
ownNetwork(
  ({ id }) => listModels(id).then(lookAgain, showError),
  () => listModels().then(lookAgain, showError),
);

// Each run is a step of the history: going back shows what was looked at before.
addEventListener("popstate", () => location.reload());

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!image && method().takes.image === "required") {
    showError(new ApiError({ title: "No image yet", detail: "Choose one, or take a sample" }));
    return;
  }
  start();
});

/** Runs what the form says; what runs now is cancelled. */
async function start(): Promise<void> {
  isRun = true;
  clearTimeout(later);
  firstLook?.abort();
  job?.abort();
  const own = job = new AbortController();
  setRunning(true);
  try {
    await follow(image, own.signal);
  } catch (error) {
    // Another run may have taken its place: then the page is that one's.
    if (job !== own) return;
    if (own.signal.aborted) status.textContent = "Cancelled.";
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
  if (!image || run.disabled && !job) return;
  if (!isCheap(method().id, new FormData(form))) return;
  later = setTimeout(() => {
    if (form.checkValidity()) start();
  }, DEBOUNCE_MS);
}

cancel.addEventListener("click", () => job?.abort());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") job?.abort();
});

async function follow(image: ChosenImage | undefined, signal: AbortSignal): Promise<void> {
  const { id, hasTarget } = method();
  const fields = fieldsOf(image, hasTarget);
  const isLocal = fields.get("where") === "browser";
  fields.delete("where");
  plain.hide();
  result.hidden = true;
  let announced = 0;
  for await (const event of (isLocal ? runLocally : runMethod)(id, fields, signal)) {
    if (event.type === "start") {
      bar.max = event.total;
      bar.value = 0;
      status.textContent = `${event.total} ${event.unit} to go.`;
      if (event.occlusion) {
        await stage.begin(event.occlusion);
        result.hidden = false;
      }
    } else if (event.type === "progress") {
      bar.value = event.done;
      if (event.occlusion) stage.add(event.occlusion);
      if (event.preview && result.hidden) plain.preview(event.preview);
      // A screen reader hears every quarter, not every tile.
      const quarter = Math.floor(4 * event.done / event.total);
      if (quarter > announced) {
        announced = quarter;
        status.textContent = `${event.done} of ${event.total} ${event.unit}.`;
      }
    } else if (event.type === "result") {
      finish(event.result, isLocal);
    }
  }
}

/** Shows what the network takes an image for, and a gradient, as soon as there is one. */
async function classifyChosen(chosen: ChosenImage): Promise<void> {
  clearTimeout(later);
  job?.abort();
  firstLook?.abort();
  topFive.hide();
  if (run.disabled && !job) return;
  const { signal } = firstLook = new AbortController();
  const fields = fieldsOf(chosen, false);
  const isLocal = fields.get("where") === "browser";
  const body = new FormData();
  for (const name of ["image", "model", "fit", "short-side"]) {
    const value = fields.get(name);
    if (value !== null) body.set(name, value);
  }
  const ask = async (id: string): Promise<RunResult> => {
    for await (const event of (isLocal ? runLocally : runMethod)(id, body, signal)) {
      if (event.type === "result") return event.result;
    }
    throw new Error(`Cannot show ${id}: it ended without a result`);
  };
  try {
    topFive.show((await ask("classify")).measures.classes as ProbableClass[]);
    if (signal.aborted) return;
    if (isCheap(method().id, new FormData(form))) await start();
    else if (method().takes.image === "required" && method().id !== "segment") {
      const gradient = await ask("gradient");
      if (signal.aborted) return;
      result.hidden = true;
      plain.show(gradient);
    }
  } catch (error) {
    if (!signal.aborted) showError(error);
  }
}

/** The options of the chosen method that are not as they were at first. */
function changedOptions(): Record<string, string> {
  const fields = document.querySelectorAll<HTMLInputElement | HTMLSelectElement>(
    `[id^="option-${method().id}-"][name], [id^="option-input-"][name]`,
  );
  return Object.fromEntries(
    [...fields]
      .filter((field) => field.value !== firstValue(field))
      .map(({ name, value }) => [name, value]),
  );
}

function firstValue(field: HTMLInputElement | HTMLSelectElement): string {
  if (field instanceof HTMLInputElement) return field.defaultValue;
  return [...field.options].find(({ defaultSelected }) => defaultSelected)?.value ??
    field.options[0].value;
}

const stateNow = (): WorkbenchState => ({
  network: element("model", HTMLSelectElement).value,
  method: method().id,
  target: method().hasTarget ? target.value : "",
  sample: image?.isSample ? image.name : "",
  options: changedOptions(),
});

/** A command line knows no files of this browser: there, a network is named by its title. */
function commandState(): CommandState {
  const { network, target, ...state } = stateNow();
  const select = element("model", HTMLSelectElement);
  return {
    ...state,
    network: isFile(network) ? `${select.selectedOptions[0].text}.onnx` : network,
    target: classOf(target),
    image: method().takes.image ? image?.path ?? "image.jpg" : undefined,
  };
}

/** What was run keeps its entry in the history: the next change has another. */
function writeAddress(): void {
  const address = location.pathname + queryOf(stateNow());
  if (address === location.pathname + location.search) return;
  history[isRun ? "pushState" : "replaceState"](null, "", address);
  isRun = false;
}

function restoreOptions(): void {
  const state = stateOf(location.search);
  target.value = state.target;
  for (const [name, value] of Object.entries(state.options)) {
    const field = document.getElementById(`option-${method().id}-${name}`) ??
      document.getElementById(`option-input-${name}`);
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) {
      field.value = value;
    }
  }
}

/** The form as the server takes it: what is empty takes its default. */
function fieldsOf(image: ChosenImage | undefined, hasTarget: boolean): FormData {
  const fields = new FormData();
  for (const [name, value] of new FormData(form)) {
    if (name === "view" || name === "target") continue;
    if (value instanceof File ? value.size > 0 : value !== "") fields.append(name, value);
  }
  if (image) fields.set("image", image.blob, image.name);
  const target = classOf(element("target", HTMLInputElement).value);
  if (hasTarget && target !== "") fields.set("target", target);
  return fields;
}

function finish(found: RunResult, isLocal: boolean): void {
  if (result.hidden) plain.show(found);
  pad.showCut(found);
  const seconds = (found.milliseconds / 1000).toFixed(1);
  status.textContent = `Done in ${seconds} s on ${BACKEND_TITLES[found.backend as Backend]}` +
    (isLocal ? ", in this browser." : ".");
  earlier.add(found);
  offerDownloads(files, found);
  element("downloads", HTMLElement).hidden = false;
}

function setRunning(running: boolean): void {
  for (const button of [run, again]) button.disabled = running;
  cancel.hidden = !running;
  bar.hidden = !running;
  if (!running) return;
  alert.hidden = true;
  status.textContent = "Getting ready …";
  bar.removeAttribute("value");
  element("downloads", HTMLElement).hidden = true;
}

function showError(error: unknown): void {
  const { title, detail } = error instanceof ApiError
    ? error.problem
    : { title: "Something went wrong on this page", detail: `${error}` };
  element("alert-title", HTMLElement).textContent = title;
  element("alert-detail", HTMLElement).textContent = detail;
  alert.hidden = false;
  status.textContent = "";
}
