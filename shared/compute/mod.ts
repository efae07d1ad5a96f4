/**
 * One way to compute in parallel: kernels, the places where they run, and the schedule that spreads
 * items over them.
 *
 * @module
 */
export * from "./executor.ts";
export { finish, InProcess, localLane } from "./executor.ts";
export * from "./kernel.ts";
export { errorOf, type PlainError, plainError } from "./protocol.ts";
export { type Mapped, schedule, type ScheduleOptions } from "./schedule.ts";
export { serveKernels, type ServeOptions } from "./serve_kernels.ts";
export { Workers, type WorkersOptions } from "./workers.ts";
