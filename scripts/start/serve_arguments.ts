import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CONFIG_NAMES } from "../../functions/config.ts";
import { ENGINE_FLAGS } from "./frugal.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What the functions read beside their configuration. */
const OTHER_NAMES = ["MODEL_MIRROR", "MODEL_CACHE", "OWN_MODELS", "END_WITH_STDIN"];

export interface ServeSettings {
  readonly hostname: string;
  readonly port: number;
  /** Folders outside the project that hold networks. */
  readonly folders: readonly string[];
  /** Origins that tiles go to. */
  readonly workers: readonly string[];
  /** Whether networks run on ONNX Runtime's native build. @default false */
  readonly isNative?: boolean;
  /** Folder of the built site, if it lies outside of the project. */
  readonly site?: string;
  /** Where rebuilds are written, if they are allowed. */
  readonly rebuildFolder?: string;
  /** Where they are posted instead. */
  readonly webhook?: string;
}

/** The arguments of `deno` that serve the functions with no more permissions than they need. */
export function serveArguments(settings: ServeSettings): string[] {
  const { hostname, port, folders, workers, site, rebuildFolder, webhook, isNative } = settings;
  const others = webhook === undefined ? workers : [...workers, webhook];
  const hosts = [`${hostname}:${port}`, ...others.map((origin) => hostOf(origin))];
  return [
    "serve",
    "--parallel",
    "--quiet",
    "--no-prompt",
    ENGINE_FLAGS,
    // A request's signal then means that its client is gone, and nothing else.
    "--unstable-no-legacy-abort",
    `--host=${hostname}`,
    `--port=${port}`,
    `--allow-net=${[...new Set(hosts)].join()}`,
    `--allow-read=${[ROOT, ...folders, site, rebuildFolder].filter((path) => path).join()}`,
    ...rebuildFolder === undefined ? [] : [`--allow-write=${rebuildFolder}`],
    ...isNative ? [`--allow-ffi=${join(ROOT, ".cache/native")}`] : [],
    `--allow-env=${[...CONFIG_NAMES, ...OTHER_NAMES].join()}`,
    fileURLToPath(new URL("../../functions/main.ts", import.meta.url)),
  ];
}

function hostOf(origin: string): string {
  const { hostname, port, protocol } = new URL(origin);
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}
