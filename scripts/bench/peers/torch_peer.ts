import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const SCRIPT = fileURLToPath(new URL("torch_peer.py", import.meta.url));

const helloSchema = z.object({ name: z.string() });
const answerSchema = z.object({ ms: z.number(), values: z.array(z.number()) });
const errorSchema = z.object({ error: z.string() });

/** What a network is asked to compute, always of the same image. */
export type PeerJob =
  | { readonly job: "forward" }
  | { readonly job: "gradient"; readonly rule: string; readonly channel: number }
  | {
    readonly job: "occlusion";
    readonly window: number;
    readonly stride: number;
    readonly channel: number;
    readonly batch: number;
  };

export interface PeerAnswer {
  readonly ms: number;
  readonly values: readonly number[];
}

/** A network in PyTorch, in a process of its own. */
export interface TorchPeer extends AsyncDisposable {
  /** "PyTorch 1.13 with Captum" */
  readonly name: string;
  /** Computes one thing, and says how long it took without what passes between the processes. */
  ask(job: PeerJob, threads: number): Promise<PeerAnswer>;
}

/**
 * Starts PyTorch on what `exportGraph` wrote into `folder`.
 *
 * @param python Its interpreter: Debian's has PyTorch by the package python3-torch.
 * @throws {Error} If it has no PyTorch, or cannot run the network.
 */
export async function startTorchPeer(python: string, folder: string): Promise<TorchPeer> {
  const child = new Deno.Command(python, {
    args: [SCRIPT, folder],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = createInterface({ input: Readable.fromWeb(child.stdout as never) })
    [Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`Cannot compare with PyTorch: ${python} has ended`);
    return JSON.parse(value);
  };
  const { name } = helloSchema.parse(await next());
  const writer = child.stdin.getWriter();
  return {
    name,
    async ask(job, threads) {
      await writer.write(new TextEncoder().encode(`${JSON.stringify({ ...job, threads })}\n`));
      const answer = await next();
      const failed = errorSchema.safeParse(answer);
      if (failed.success) throw new Error(`Cannot compare with PyTorch: ${failed.data.error}`);
      return answerSchema.parse(answer);
    },
    async [Symbol.asyncDispose]() {
      await writer.close();
      await child.status;
    },
  };
}
