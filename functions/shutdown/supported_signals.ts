/** Of all signals, Windows lets a process listen to these. */
const ON_WINDOWS: readonly Deno.Signal[] = ["SIGINT", "SIGBREAK"];

/** Those of the signals that a process of this system can listen to; `Deno` throws for others. */
export function supportedSignals<Name extends Deno.Signal>(
  signals: readonly Name[],
  os: typeof Deno.build.os = Deno.build.os,
): Name[] {
  return signals.filter((signal) => os !== "windows" || ON_WINDOWS.includes(signal));
}
