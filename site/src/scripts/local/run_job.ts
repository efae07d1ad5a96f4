import { mapValues } from "../../../../shared/api/mod.ts";
import { checkInputs, inputNotes, runMethod } from "../../../../shared/contract/run_method.ts";
import type { MethodInput, Progress } from "../../../../shared/contract/method.ts";
import { parseOptions, takeFitting } from "../../../../shared/contract/parse_options.ts";
import { encodeFigures } from "../../../../shared/figure/mod.ts";
import { encodePng } from "../../../../shared/image/encode_image.ts";
import type { Image } from "../../../../shared/image/image.ts";
import { loadMethod } from "../../../../shared/methods/registry.ts";
import { encodeNpy } from "../../../../shared/tensor/npy.ts";
import type { LocalEvent, LocalJob, LocalResult } from "./messages.ts";
import { openLocalNetwork, readLocally } from "./open_local_network.ts";
import { threadCount } from "./thread_count.ts";

/**
 * Runs a method: the same code as the functions.
 *
 * @param emit Told of every step.
 * @throws The signal's reason once it is aborted, when what is being computed has ended.
 */
export async function runJob(
  { place, method: id, fields, images }: LocalJob,
  signal: AbortSignal,
  emit: (event: LocalEvent) => void,
): Promise<LocalResult> {
  const method = await loadMethod(id);
  const { threads: most, ...said } = fields;
  const [fitting, rest] = takeFitting(said);
  const options = parseOptions(method.options, rest);
  const local = await openLocalNetwork(
    place,
    (done, total) => emit({ type: "opening", stage: "fetching", done, total }),
  );
  const { network, sha256 } = local;
  signal.throwIfAborted();
  const inputs: Partial<Record<"image" | "guide", MethodInput>> = {};
  for (const name of ["image", "guide"] as const) {
    const blob = images[name];
    if (blob && method.takes[name]) {
      inputs[name] = await readLocally(blob, network, fitting);
    }
  }
  checkInputs(method, inputs);
  const started = performance.now();
  const { backend } = network;
  const threads = threadCount(network, id, options, { cores: coresOf(most) });
  let begun = false;
  const result = await runMethod(method, network, inputs, options, {
    executor: await local.executor(threads),
    signal,
    onProgress(progress) {
      if (!begun) emit(startOf(progress, backend, threads));
      if (begun || progress.done > 0) emit(progressOf(progress));
      begun = true;
    },
  });
  return {
    method: id,
    model: place.model,
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

/** @param most What the page allows; empty or absent: as many as there are. */
function coresOf(most = ""): number | undefined {
  return /^[1-9]\d*$/.test(most) ? Number(most) : undefined;
}

function startOf({ total, unit, occlusion }: Progress, backend: string, threads: number) {
  const outline = occlusion && "outline" in occlusion ? occlusion.outline : undefined;
  return {
    ...{ type: "start", total, unit, backend, threads } as const,
    ...outline && {
      occlusion: { ...outline, image: png(outline.image), occluder: png(outline.occluder) },
    },
  };
}

function progressOf({ done, total, unit, preview, occlusion }: Progress) {
  return {
    ...{ type: "progress", done, total, unit } as const,
    ...preview && { preview: png(preview()) },
    ...occlusion && "scores" in occlusion ? { occlusion: occlusion.scores } : {},
  };
}

function png(image: Image) {
  const { width, height } = image;
  return { width, height, blob: new Blob([encodePng(image)], { type: "image/png" }) };
}
