/**
 * Runs methods in the visitor's browser: the same code as the functions, and the image never
 * leaves the device.
 *
 * @module
 */
import { runMethod } from "../../../../shared/contract/run_method.ts";
import { mapValues } from "../../../../shared/api/mod.ts";
import { encodeFigures } from "../../../../shared/figure/mod.ts";
import { fitOptions, fitted } from "../../../../shared/models/fit.ts";
import { encodePng } from "../../../../shared/image/encode_png.ts";
import type { Image } from "../../../../shared/image/image.ts";
import { checkInputs } from "../../../../shared/contract/check_inputs.ts";
import { inputNotes } from "../../../../shared/contract/input_notes.ts";
import { parseOptions } from "../../../../shared/contract/parse_options.ts";
import { loadMethod } from "../../../../shared/methods/registry.ts";
import type { MethodInput } from "../../../../shared/contract/method.ts";
import { encodeNpy } from "../../../../shared/tensor/npy.ts";
import type { LocalEvent, LocalJob, LocalResult } from "./messages.ts";
import { openLocalNetwork, readLocally } from "./open_local_network.ts";

const scope = self as unknown as {
  onmessage: (event: MessageEvent<LocalJob>) => void;
  postMessage(event: LocalEvent): void;
};

scope.onmessage = async ({ data: job }) => {
  try {
    scope.postMessage({ type: "result", result: await run(job) });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    scope.postMessage({ type: "error", title: "This browser could not do it", detail });
  }
};

async function run(
  { origin, method: id, model, fields, images }: LocalJob,
): Promise<LocalResult> {
  const method = await loadMethod(id);
  const { fit, "short-side": shortSide, ...rest } = fields;
  const options = parseOptions(method.options, rest);
  const fitting = parseOptions(fitOptions, {
    ...fit && { fit },
    ...shortSide && { "short-side": shortSide },
  });
  const { network, sha256 } = await openLocalNetwork(origin, model);
  const inputs: Partial<Record<"image" | "guide", MethodInput>> = {};
  for (const name of ["image", "guide"] as const) {
    const blob = images[name];
    if (blob && method.takes[name]) {
      inputs[name] = await readLocally(blob, fitted(network.manifest.input, fitting));
    }
  }
  checkInputs(method, inputs);
  const started = performance.now();
  const { backend } = network;
  let begun = false;
  const result = await runMethod(method, network, inputs, options, {
    onProgress({ done, total, unit, preview }) {
      if (!begun) scope.postMessage({ type: "start", total, unit, backend });
      begun = true;
      scope.postMessage({
        type: "progress",
        done,
        total,
        unit,
        preview: preview && png(preview()),
      });
    },
  });
  return {
    method: id,
    model,
    modelSha256: sha256,
    options: options as Record<string, unknown>,
    figures: await encodeFigures(result.figures),
    images: mapValues(result.images, png),
    arrays: mapValues(result.arrays, (tensor) => ({
      type: tensor.type,
      dims: tensor.dims,
      blob: new Blob([encodeNpy(tensor)]),
    })),
    files: mapValues(result.files ?? {}, (bytes) => new Blob([new Uint8Array(bytes)])),
    measures: result.measures,
    notes: inputNotes(inputs),
    backend,
    milliseconds: Math.round(performance.now() - started),
  };
}

function png(image: Image) {
  const { width, height } = image;
  return { width, height, blob: new Blob([encodePng(image)], { type: "image/png" }) };
}
