/**
 * Sets XDG_RUNTIME_DIR where it is missing: Mesa's loader complains on standard error without it,
 * in the middle of whatever is printed, and needs it for nothing that is done here.
 */
export function quietGraphics(): void {
  const { env } = Deno;
  if (!env.get("XDG_RUNTIME_DIR")) env.set("XDG_RUNTIME_DIR", env.get("TMPDIR") || "/tmp");
}
