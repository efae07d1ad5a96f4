/**
 * Ends the process once its standard input ends: for a server whose starter holds the other end, and
 * may be killed without a chance to say so. What arrives is ignored.
 */
export async function endWithStdin(): Promise<void> {
  await Deno.stdin.readable.pipeTo(new WritableStream()).catch(() => {});
  Deno.exit(1);
}
