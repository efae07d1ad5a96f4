/** Whether a run takes about as long as one forward pass, so that it need not be asked for. */
export function isCheap(method: string, options: FormData): boolean {
  // Curves of deletion and insertion take a hundred passes, randomised twins one gradient each.
  if (options.get("evaluate") === "true" || options.get("sanity") === "true") return false;
  return CHEAP[method]?.(options) ?? false;
}

const CHEAP: Readonly<Record<string, (options: FormData) => boolean>> = {
  activations: () => true,
  // Score-CAM takes a forward pass for each channel.
  cam: (options) => options.get("method") !== "scorecam",
  classify: () => true,
  // SmoothGrad takes many passes.
  gradient: (options) => Number(options.get("samples") ?? 1) === 1,
  weights: () => true,
};
