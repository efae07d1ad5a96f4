import { endOf, holdGallery, holdNextBuild, startBuild, startWorker } from "../build.ts";
import { freePort } from "../../start/listening.ts";
import { hold, pause, type Scenario } from "../scenario.ts";

const killedRedis: Scenario = {
  name: "killed-redis",
  summary: "kill -9 of Redis, of a queue's worker or of the process that waits for it",
  async missing() {
    const found = await new Deno.Command("redis-server", { args: ["--version"], stdout: "null" })
      .output().then(() => true, () => false);
    return found ? undefined : "redis-server is not installed";
  },
  async run({ draw, folder, reference }) {
    const port = freePort();
    const queue = `redis://127.0.0.1:${port}`;
    const redis = new Deno.Command("redis-server", {
      args: ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--dir", folder],
      stdout: "null",
      stderr: "null",
    }).spawn();
    await isUp(port);
    const [worker, maker] = [startWorker(folder, queue), startBuild(folder, "--queue", queue)];
    const ends = [worker, maker].map(endOf);
    await Promise.race([pause(draw.below(12_000)), ends[1]]);
    const struck = draw.pick([redis, worker, maker]);
    kill(struck, "SIGKILL");
    // Without one of the three the others wait, or end by themselves; they are told to.
    await Promise.race([pause(1000 + draw.below(3000)), Promise.all(ends)]);
    kill(worker, "SIGTERM");
    kill(maker, "SIGTERM");
    await Promise.race([pause(20_000), Promise.all(ends)]);
    for (const process of [redis, worker, maker]) kill(process, "SIGKILL");
    await Promise.all([...ends, redis.status]);
    await holdGallery(folder, reference.gallery, false);
    await holdNextBuild(folder, reference.gallery);
  },
};

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended.
  }
}

async function isUp(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const isThere = await Deno.connect({ hostname: "127.0.0.1", port }).then((connection) => {
      connection.close();
      return true;
    }, () => false);
    if (isThere) return;
    await pause(100);
  }
  hold(false, "redis-server does not start");
}

export const redis: readonly Scenario[] = [killedRedis];
