/** Writes what was measured, and on what, as JSON. */
export async function writeFigures(path: string, timings: unknown): Promise<void> {
  const machine = { cores: navigator.hardwareConcurrency, deno: Deno.version.deno };
  await Deno.writeTextFile(path, JSON.stringify({ machine, timings }, null, 2) + "\n");
}
