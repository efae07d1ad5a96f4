/**
 * How a process that serves keeps its memory: an isolate of ONNX Runtime takes half of what it takes
 * without. functions/ cannot set these for themselves: they count from the start of the process.
 *
 * @module
 */

/**
 * The C library's settings, where it is glibc: large blocks go back when they are freed, however
 * large the last ones were, and the threads that compile WebAssembly share what they free.
 */
export const ALLOCATOR: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: "2",
  MALLOC_MMAP_THRESHOLD_: "65536",
  MALLOC_TRIM_THRESHOLD_: "1000000",
};

/** Those of {@linkcode ALLOCATOR} that nobody has set. */
export const allocatorSettings = (
  env: (name: string) => string | undefined,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(ALLOCATOR).filter(([name]) => env(name) === undefined));

/**
 * V8's: it collects garbage sooner, such as the file that WebAssembly was compiled from, and
 * optimises one function of it at a time.
 */
export const ENGINE_FLAGS = "--v8-flags=--optimize-for-size,--wasm-num-compilation-tasks=1";
