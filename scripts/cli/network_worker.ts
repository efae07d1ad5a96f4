/** The script of workers that apply kernels. */
export const NETWORK_WORKER = new URL(
  "../../shared/methods/network_worker.ts",
  import.meta.url,
);
