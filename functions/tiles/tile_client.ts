import {
  COLUMNS,
  type OcclusionPart,
  type TilePlan,
} from "../../shared/techniques/occlusion/mod.ts";
import { decodeEnvelope, encodeEnvelope } from "./envelope.ts";
import { SIGNATURE_HEADER, type Signer } from "./signature.ts";
import type { Tile } from "./tile.ts";
import { WorkerBusyError } from "./worker_busy_error.ts";

/** Where every worker takes tiles. */
export const TILE_PATH = "/api/occlusion/tile";

/** The body of a tile request. */
export interface TileRequest extends Tile {
  /** sha256 of the network's file: a worker with another file must not answer. */
  readonly sha256: string;
  readonly plan: TilePlan;
}

/** Posts tiles to workers. */
export class TileClient implements Disposable {
  readonly #signer: Signer;
  // Each request gets a connection of its own, so that the kernel spreads them over the isolates
  // that listen at one port.
  readonly #http: Deno.HttpClient = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });

  constructor(signer: Signer) {
    this.#signer = signer;
  }

  /**
   * Has the worker at the origin `worker` evaluate a tile.
   *
   * @throws {WorkerBusyError} If it has enough to do.
   * @throws {Error} If it cannot be reached, refuses, or answers with something else.
   */
  async post(worker: string, request: TileRequest, signal: AbortSignal): Promise<OcclusionPart> {
    const { job, input } = request.plan;
    const body = encodeEnvelope({ ...request, plan: { job, input } });
    const response = await fetch(`${worker}${TILE_PATH}`, {
      method: "POST",
      headers: {
        "Content-Type": "application/octet-stream",
        [SIGNATURE_HEADER]: await this.#signer.sign(body),
      },
      body,
      signal,
      redirect: "error",
      client: this.#http,
    });
    const answer = await response.arrayBuffer();
    if (response.status === 503) throw new WorkerBusyError(`${worker} is busy`);
    if (!response.ok) {
      const text = new TextDecoder().decode(answer).slice(0, 500);
      throw new Error(`Cannot use the worker ${worker}: it answers ${response.status} (${text})`);
    }
    const part = decodeEnvelope(new Uint8Array(answer)) as Partial<OcclusionPart>;
    const { positions, values } = part;
    const isAnswer = `${positions}` === `${request.positions}` &&
      values instanceof Float32Array &&
      values.length === request.positions.length * COLUMNS.length;
    if (!isAnswer) {
      throw new Error(`Cannot use the worker ${worker}: its answer belongs to another tile`);
    }
    return { positions: request.positions, values };
  }

  [Symbol.dispose](): void {
    this.#http.close();
  }
}
