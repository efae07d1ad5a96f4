import type { Technique, TechniqueInputs, TechniqueResult } from "../shared/contract/technique.ts";
import type { Emit } from "./answers/job_answer.ts";
import type { LoadedNetwork } from "./network_pool.ts";
import { pictureLink } from "./present.ts";
import type { Services } from "./services.ts";

/** One run of a technique. */
export interface Job {
  readonly technique: Technique;
  readonly loaded: LoadedNetwork;
  readonly inputs: TechniqueInputs;
  /** Validated. */
  readonly options: unknown;
  /** Where the request came to; tiles go there by default. */
  readonly origin: string;
  readonly signal: AbortSignal;
  readonly emit: Emit;
}

/** A way to run a technique. */
export type Runner = (job: Job, services: Services) => Promise<TechniqueResult>;

/** Runs any technique in this isolate. */
export const runHere: Runner = ({ technique, loaded, inputs, options, signal, emit }) => {
  let begun = false;
  return technique.run(loaded.network, inputs, options, {
    signal,
    onProgress({ done, total, unit, preview }) {
      if (!begun) emit({ type: "start", total, unit, backend: loaded.network.backend });
      begun = true;
      emit({ type: "progress", done, total, unit, preview: preview && pictureLink(preview) });
    },
  });
};
