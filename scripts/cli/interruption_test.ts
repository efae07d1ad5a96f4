/** Real processes: a signal is heard by nobody else. */
import { expect, test } from "vitest";

const MODULE = new URL("./interruption.ts", import.meta.url).href;

/** A process whose interruptible job is `job`, once it listens. */
async function start(job: string): Promise<Deno.ChildProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `import { interruptible } from "${MODULE}";
       await interruptible(async (signal) => {
         console.log("begun");
         ${job}
       });`,
    ],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ""; !text.includes("begun");) text += (await reader.read()).value ?? "";
  await reader.cancel();
  return child;
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "a job that hangs in a loop ends at the second %s",
  async (signal) => {
    const child = await start("for (;;);");
    let isOver = false;
    child.status.then(() => isOver = true);
    child.kill(signal);
    // Soon after, it may be the same one twice; so it is sent until the process has ended.
    while (!isOver) {
      await new Promise((go) => setTimeout(go, 100));
      if (!isOver) child.kill(signal);
    }
    expect(await child.status).toMatchObject({ success: false, signal });
  },
);

test("a job that listens ends with the first", async () => {
  const child = await start(
    `signal.addEventListener("abort", () => Deno.exit(signal.reason.name === "Interruption" ? 7 : 8));
     await new Promise((go) => setTimeout(go, 1e6));`,
  );
  child.kill("SIGINT");
  expect((await child.status).code).toBe(7);
});
