/** Milliseconds between two looks. */
const EVERY = 1000;

/**
 * Ends this process when `deno task`, which started it, was killed: on Linux and macOS its parent is
 * then another. Does nothing without `deno task`: a server may well outlive the shell that started it.
 */
export function endWithParent(): void {
  if (Deno.env.get("INIT_CWD") === undefined) return;
  const parent = Deno.ppid;
  Deno.unrefTimer(setInterval(() => {
    if (Deno.ppid !== parent) Deno.exit(1);
  }, EVERY));
}
