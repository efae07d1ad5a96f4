import { dirname, join } from "node:path";
import { createApp } from "../../../functions/app.ts";
import { readConfig } from "../../../functions/config.ts";
import { modelCatalogue } from "../../../functions/catalogue.ts";
import { createServices } from "../../../functions/services.ts";
import { cachePath } from "../../../models/folders.ts";
import { findModel, locateModel } from "../../../models/mod.ts";
import { sha256 } from "../../../shared/models/mod.ts";
import type { RandomStream } from "../../random_stream.ts";
import { answerOf } from "../../soak/answer_of.ts";
import { hold, type Scenario } from "../scenario.ts";

/** A network that is fetched from the hub, and whose digest its manifest has. */
const MODEL = "squeezenet1.1";

const IMAGE = new URL("../../../site/public/samples/street.png", import.meta.url);

/** Statuses of a network whose file is not here, or not the one that is meant. */
const REFUSED: readonly number[] = [404, 422];

const damagedCache: Scenario = {
  name: "damaged-cache",
  summary: "a cached network cut off, emptied, missing, changed or another; then the right one",
  missing: () => Promise.resolve(fileHere() ? undefined : `${MODEL} is not on this machine`),
  async run({ draw, folder }) {
    const bytes = await Deno.readFile(fileHere()!);
    const { source, sha256: digest } = findModel(MODEL)!;
    if (!("hub" in source)) throw new Error(`Cannot damage ${MODEL}: it is not from the hub`);
    const path = join(folder, cachePath(source.hub));
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(path, bytes);
    using _environment = onlyCache(folder);
    const config = readConfig((name) => name === "BACKEND" ? "wasm" : undefined);
    const app = createApp(createServices(config, modelCatalogue));
    const look = async () => await answerOf(await app.request("/api/classify", question()));
    const before = await look();
    hold(before.status === 200, `the network that is whole is refused: ${before.text}`);
    for (let i = 0; i <= draw.below(4); i++) {
      await draw.pick(HARMS)(path, bytes, draw);
      const harmed = await look();
      hold(REFUSED.includes(harmed.status), `a damaged network answers: ${harmed.text}`);
      const file = await app.request(`/api/models/${MODEL}/file`);
      const sent = new Uint8Array(await file.arrayBuffer());
      hold(
        REFUSED.includes(file.status) || await sha256(sent) === digest,
        `a damaged network is sent, with status ${file.status}`,
      );
      await Deno.writeFile(path, bytes);
      const mended = await look();
      hold(mended.digest === before.digest, `another answer afterwards: ${mended.text}`);
    }
  },
};

/** Each leaves another file than the right one. */
const HARMS: readonly ((
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  draw: RandomStream,
) => Promise<void>)[] = [
  (path) => Deno.remove(path),
  (path) => Deno.writeFile(path, new Uint8Array()),
  (path, bytes, draw) => Deno.truncate(path, draw.below(bytes.length)),
  (path) => Deno.writeTextFile(path, "<h1>Not found</h1>"),
  (path, bytes) => Deno.writeFile(path, bytes.toReversed()),
  (path, bytes, draw) => {
    const changed = bytes.slice();
    changed[draw.below(bytes.length)] ^= 1 + draw.below(255);
    return Deno.writeFile(path, changed);
  },
];

function fileHere(): string | undefined {
  const manifest = findModel(MODEL);
  return manifest && locateModel(manifest);
}

/** Networks are looked for in this cache alone, until it is disposed. */
function onlyCache(cache: string): Disposable {
  const [mirror, before] = ["MODEL_MIRROR", "MODEL_CACHE"].map((name) => Deno.env.get(name));
  Deno.env.delete("MODEL_MIRROR");
  Deno.env.set("MODEL_CACHE", cache);
  return {
    [Symbol.dispose]() {
      if (mirror !== undefined) Deno.env.set("MODEL_MIRROR", mirror);
      if (before === undefined) Deno.env.delete("MODEL_CACHE");
      else Deno.env.set("MODEL_CACHE", before);
    },
  };
}

function question(): RequestInit {
  const body = new FormData();
  body.set("image", new Blob([Deno.readFileSync(IMAGE)]), "street.png");
  body.set("model", MODEL);
  return { method: "POST", body };
}

export const caches: readonly Scenario[] = [damagedCache];
