import type { Manifest } from "../models/manifest.ts";
import type { NetworkSummary } from "../network/open/network_summary.ts";

/** A network of the catalogue, as `GET /api/models` lists it. */
export interface ModelInfo {
  readonly id: string;
  readonly title: string;
  readonly licence: { readonly name: string; readonly url: string | null };
  /** Size of its file; null where it is not known before the first fetch. */
  readonly bytes: number | null;
  /** Whether its file is on this server. */
  readonly available: boolean;
  /** Why its file, which is there, cannot be opened. */
  readonly fault?: string;
  readonly input: { readonly height: number; readonly width: number };
  /** How many classes it tells apart; 0 where it is no classifier. Their names: `/api/models/<id>`. */
  readonly classes: number;
}

/** One network in full, `GET /api/models/<id>`. */
export interface ModelDetails extends ModelInfo {
  /** In the order of the scores. */
  readonly labels: readonly string[];
  /** All that has to be known of it beside its file, `GET /api/models/<id>/file`. */
  readonly manifest: Manifest;
  /** From input to output; with shapes [1, C, H, W] where the network has been opened. */
  readonly layers: readonly {
    readonly alias: string;
    readonly tensor: string;
    readonly dims?: readonly number[];
  }[];
  /**
   * What was settled when the network was opened, and what says so, as `cli describe --json` prints
   * it. Absent where its file is not there, or cannot be opened (then `fault` says why).
   */
  readonly describe?: NetworkSummary & { readonly sha256: string };
}
