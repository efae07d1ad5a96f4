import { WorkerLink } from "./worker_link.ts";

/** The worker of this page that opens networks and runs methods. */
export const localLink = new WorkerLink(() =>
  new Worker(new URL("./local_worker.ts", import.meta.url), { type: "module" })
);
