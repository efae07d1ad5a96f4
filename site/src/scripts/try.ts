import type { RunResult } from "../../../shared/api/mod.ts";
import { type Backend, BACKEND_TITLES } from "../../../shared/runtime/backend.ts";
import { ApiError, runTechnique } from "./api.ts";
import { offerDownloads } from "./downloads.ts";
import { element } from "./element.ts";
import { runLocally } from "./local/run_locally.ts";
import { MapStage } from "./map_stage.ts";
import { classOf, modelChoice } from "./model_choice.ts";
import { type ChosenPicture, pictureInput } from "./picture_input.ts";
import { PlainStage } from "./plain_stage.ts";
import { StrokePad } from "./strokes/stroke_pad.ts";
import { techniqueChoice } from "./technique_choice.ts";

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
const technique = techniqueChoice(({ id }) => pad.want(id === "segment"));

let picture: ChosenPicture | undefined;
let job: AbortController | undefined;

pictureInput((chosen) => {
  picture = chosen;
  alert.hidden = true;
  pad.setPicture(chosen.blob);
});

modelChoice(({ manifest }) => pad.setInput(manifest.input)).then((some) => {
  element("no-network", HTMLElement).hidden = some;
  run.disabled = !some;
}, showError);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (job) return;
  if (!picture && technique().takes.picture === "required") {
    showError(new ApiError({ title: "No picture yet", detail: "Choose one, or take a sample" }));
    return;
  }
  job = new AbortController();
  setRunning(true);
  try {
    await follow(picture, job.signal);
  } catch (error) {
    if (job.signal.aborted) status.textContent = "Cancelled.";
    else showError(error);
  } finally {
    job = undefined;
    setRunning(false);
  }
});

cancel.addEventListener("click", () => job?.abort());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") job?.abort();
});

async function follow(picture: ChosenPicture | undefined, signal: AbortSignal): Promise<void> {
  const { id, hasTarget } = technique();
  const fields = fieldsOf(picture, hasTarget);
  const isLocal = fields.get("where") === "browser";
  fields.delete("where");
  plain.hide();
  result.hidden = true;
  let announced = 0;
  for await (const event of (isLocal ? runLocally : runTechnique)(id, fields, signal)) {
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
      if (event.preview) plain.preview(event.preview);
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

/** The form as the server takes it: what is empty takes its default. */
function fieldsOf(picture: ChosenPicture | undefined, hasTarget: boolean): FormData {
  const fields = new FormData();
  for (const [name, value] of new FormData(form)) {
    if (name === "view" || name === "target") continue;
    if (value instanceof File ? value.size > 0 : value !== "") fields.append(name, value);
  }
  if (picture) fields.set("image", picture.blob, picture.name);
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
