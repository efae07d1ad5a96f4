/** A worker that is well, but has enough to do; the tile may go to another one at once. */
export class WorkerBusyError extends Error {
  override readonly name = "WorkerBusyError";
}
