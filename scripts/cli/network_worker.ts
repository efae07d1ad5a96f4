/** The script of workers that apply kernels. */
export const NETWORK_WORKER = new URL(
  "../../shared/techniques/network_worker.ts",
  import.meta.url,
);
