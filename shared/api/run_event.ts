import type { Problem } from "./problem.ts";

/** A picture as a PNG. */
export interface PictureLink {
  readonly width: number;
  readonly height: number;
  /** `data:image/png;base64,...` */
  readonly url: string;
}

/** An array as a NumPy file. */
export interface ArrayLink {
  /** Element type, as ONNX Runtime spells it. */
  readonly type: string;
  readonly dims: readonly number[];
  /** `data:application/octet-stream;base64,...`, a .npy file. */
  readonly url: string;
}

/** A file of another kind. */
export interface FileLink {
  readonly bytes: number;
  /** `data:<type>;base64,...` */
  readonly url: string;
}

/** What a technique found, and with what. */
export interface RunResult {
  readonly technique: string;
  readonly model: string;
  /** sha256 of the network's file. */
  readonly modelSha256: string;
  /** Every option, defaults included. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly pictures: Readonly<Record<string, PictureLink>>;
  /** Such as an animation, by name with ending. */
  readonly files: Readonly<Record<string, FileLink>>;
  readonly arrays: Readonly<Record<string, ArrayLink>>;
  readonly measures: Readonly<Record<string, unknown>>;
  readonly backend: string;
  /** Wall time from the upload's last byte to the result. */
  readonly milliseconds: number;
}

/** What is known of an occlusion map before its first position. */
export interface OcclusionOutline {
  readonly rows: number;
  readonly columns: number;
  /** Side of the occluder and step, in pixels of the picture. */
  readonly window: number;
  readonly stride: number;
  readonly target: { readonly index: number; readonly label: string };
  readonly score: "logit" | "probability";
  /** Whether more than the logit is measured at each position. */
  readonly measures: "all" | "logit";
  /** The scores without the occluder. */
  readonly unoccluded: {
    readonly logit: number;
    readonly probability: number;
    readonly topClass: number;
    readonly topProbability: number;
    readonly layerSum: number | null;
  };
  /** The layer whose strongest channel is followed; null for none. */
  readonly layer: { readonly name: string; readonly channel: number } | null;
  /** Names of the classes, in the order of the scores. */
  readonly labels: readonly string[];
  /** What the network looks at, and what the occluder shows in its place. */
  readonly picture: PictureLink;
  readonly occluder: PictureLink;
}

/** The measures at some positions. */
export interface OcclusionScores {
  /** Which ones, counted row by row. They come in the order in which the map is refined. */
  readonly positions: readonly number[];
  readonly logit: readonly number[];
  /** This and the next two only where more than the logit is measured. */
  readonly probability?: readonly number[];
  readonly topClass?: readonly number[];
  readonly topProbability?: readonly number[];
  /** Total activation of the layer's channel; only where a layer is followed. */
  readonly layerSum?: readonly number[];
}

/** One line of `application/x-ndjson`. The last one is a `result` or an `error`. */
export type RunEvent =
  | {
    readonly type: "start";
    /** The job's id over HTTP: `DELETE /api/jobs/<id>` cancels it. */
    readonly job?: string;
    readonly total: number;
    readonly unit: string;
    readonly backend: string;
    readonly occlusion?: OcclusionOutline;
  }
  | {
    readonly type: "progress";
    readonly done: number;
    readonly total: number;
    readonly unit: string;
    readonly occlusion?: OcclusionScores;
    readonly preview?: PictureLink;
  }
  | { readonly type: "result"; readonly result: RunResult }
  | { readonly type: "error"; readonly problem: Problem };
