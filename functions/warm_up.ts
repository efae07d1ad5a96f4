import { chooseBackend } from "../shared/runtime/mod.ts";
import { warmRuntime } from "../shared/network/warm_runtime.ts";
import { log } from "./log.ts";
import type { Services } from "./services.ts";

/**
 * What the first job of an isolate would wait for, one after the other, is begun while its form is
 * read: ONNX Runtime, and the worker that decodes images. Not before: pages may compute themselves.
 *
 * @returns To be called for each job.
 */
export function warmingUp({ images, config }: Pick<Services, "images" | "config">): () => void {
  let begun = false;
  return () => {
    if (begun) return;
    begun = true;
    images.warm();
    chooseBackend(config.BACKEND).then(({ backend }) => warmRuntime(backend)).catch((error) => {
      // Whoever needs it is told.
      log("warn", "cannot load the runtime ahead", { error: String(error) });
    });
  };
}
