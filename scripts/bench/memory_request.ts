/**
 * Answers one request in this process, as a server's isolate would, and prints how much memory it
 * took: `memory_request.ts <model> <method>`.
 *
 * @module
 */
import { createApp } from "../../functions/app.ts";
import { readConfig } from "../../functions/config.ts";
import { modelCatalogue } from "../../functions/catalogue.ts";
import { createServices } from "../../functions/services.ts";
import type { MethodInputs } from "../../shared/contract/method.ts";
import { parseOptions } from "../../shared/contract/parse_options.ts";
import { memoryOf } from "../../shared/methods/job_memory.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import { noiseInput } from "./benchmark.ts";

/** What one request took, in MiB of resident memory. */
export interface MemoryFigures {
  readonly peakMiB: number;
  /** When it was answered. */
  readonly restMiB: number;
  /** What {@linkcode memoryOf} says beforehand. */
  readonly estimateMiB: number;
}

const SAMPLE = new URL("../../site/public/samples/street.png", import.meta.url);

/** Fewer repetitions of the same: they take time and no memory. Everything else is at its default. */
const SHORTER: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "adversarial": { steps: "3" },
  "class-model": { steps: "3" },
  "deep-dream": { iterations: "1" },
  "integrated-gradients": { steps: "4" },
  "inversion": { steps: "3" },
  "neuron": { steps: "3" },
  "occlusion": { stride: "32" },
  "segment": { views: "2" },
  "style": { steps: "3" },
};

/** A line of /proc/self/status in MiB: "VmHWM", the peak, or "VmRSS". */
function resident(name: "VmHWM" | "VmRSS"): number {
  const [, kib] = Deno.readTextFileSync("/proc/self/status").match(`${name}:\\s+(\\d+)`)!;
  return Number(kib) / 1024;
}

async function main(model: string, methodId: string): Promise<MemoryFigures> {
  const { takes, options } = await loadMethod(methodId);
  const env = (name: string) => name === "BACKEND" ? "wasm" : Deno.env.get(name);
  const config = { ...readConfig(env), MAX_JOB_MB: 65_536 };
  const services = createServices(config, modelCatalogue);
  const body = new FormData();
  const sample = await Deno.readFile(SAMPLE);
  const fields = { model, ...SHORTER[methodId] };
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  if (takes.image === "required") body.set("image", new Blob([sample]), "image");
  if (takes.guide === "required") body.set("guide", new Blob([sample]), "guide");
  const request = new Request(`http://localhost/api/${methodId}`, { method: "POST", body });
  const response = await createApp(services).fetch(request);
  const said = await response.text();
  if (!response.ok) throw new Error(`Cannot measure ${methodId} on ${model}: ${said.trim()}`);
  const [peakMiB, restMiB] = [resident("VmHWM"), resident("VmRSS")];
  const estimateMiB = await services.networks.use(model, ({ network }) => {
    const inputs: MethodInputs = takes.image === "required"
      ? { image: noiseInput(network, 1) }
      : {};
    return Promise.resolve(memoryOf(network, methodId, parseOptions(options, {}), inputs));
  });
  return { peakMiB, restMiB, estimateMiB };
}

if (import.meta.main) {
  const [model, method] = Deno.args;
  try {
    console.log(JSON.stringify(await main(model, method)));
    Deno.exit(0);
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(1);
  }
}
