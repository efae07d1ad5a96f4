import { InputError } from "../errors.ts";
import type { Method } from "../contract/method.ts";

/** A method that is loaded when it is first needed. */
export interface MethodRow {
  readonly id: string;
  load(): Promise<Method>;
}

/** Every method; the command line, the routes and the site are derived from these rows. */
export const methods: readonly MethodRow[] = [
  { id: "activations", load: async () => (await import("./activations/mod.ts")).activations },
  { id: "adversarial", load: async () => (await import("./adversarial/mod.ts")).adversarial },
  { id: "attention", load: async () => (await import("./attention/mod.ts")).attention },
  { id: "cam", load: async () => (await import("./cam/mod.ts")).cam },
  { id: "class-model", load: async () => (await import("./class-model/mod.ts")).classModel },
  { id: "classify", load: async () => (await import("./classify/mod.ts")).classify },
  { id: "deep-dream", load: async () => (await import("./deep-dream/mod.ts")).deepDream },
  { id: "embedding", load: async () => (await import("./embedding/mod.ts")).embedding },
  { id: "gradient", load: async () => (await import("./gradient/mod.ts")).gradient },
  {
    id: "integrated-gradients",
    load: async () => (await import("./integrated-gradients/mod.ts")).integratedGradients,
  },
  { id: "inversion", load: async () => (await import("./inversion/mod.ts")).inversion },
  { id: "lrp", load: async () => (await import("./lrp/mod.ts")).lrp },
  { id: "neuron", load: async () => (await import("./neuron/mod.ts")).neuron },
  { id: "occlusion", load: async () => (await import("./occlusion/mod.ts")).occlusion },
  { id: "patches", load: async () => (await import("./patches/mod.ts")).patches },
  { id: "segment", load: async () => (await import("./segment/mod.ts")).segment },
  { id: "similarity", load: async () => (await import("./similarity/mod.ts")).similarity },
  { id: "style", load: async () => (await import("./style/mod.ts")).style },
  { id: "weights", load: async () => (await import("./weights/mod.ts")).weights },
];

/** @throws {RangeError} If there is no such method; with those there are. */
export async function loadMethod(id: string): Promise<Method> {
  const row = methods.find((method) => method.id === id);
  if (row) return await row.load();
  throw new InputError(
    `Cannot find the method "${id}": there are ${
      methods.map((method) => `"${method.id}"`).join(", ")
    }`,
  );
}
