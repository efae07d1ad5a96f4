import type { OcclusionOutline as Outline, OcclusionScores } from "../contract/occlusion_update.ts";
import type { FigureDocument } from "../figure/mod.ts";
import type { Problem } from "./problem.ts";

export type { OcclusionScores };

/** What is known of an occlusion map before its first position. */
export type OcclusionOutline = Outline<ImageLink>;

/** An image as a PNG. */
export interface ImageLink {
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

/** What a method found, and with what. */
export interface RunResult {
  readonly method: string;
  readonly model: string;
  /** sha256 of the network's file. */
  readonly modelSha256: string;
  /** Every option, defaults included. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What to show with words; the addresses of their layers are data URLs. */
  readonly figures: Readonly<Record<string, FigureDocument>>;
  /** Images in their own right, such as a dream or a mask. */
  readonly images: Readonly<Record<string, ImageLink>>;
  /** Such as an animation, by name with ending. */
  readonly files: Readonly<Record<string, FileLink>>;
  readonly arrays: Readonly<Record<string, ArrayLink>>;
  readonly measures: Readonly<Record<string, unknown>>;
  /** What a person should know of the images, such as "image: it is blank: every pixel is white". */
  readonly notes: readonly string[];
  readonly backend: string;
  /** Wall time from the upload's last byte to the result. */
  readonly milliseconds: number;
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
    /** Threads that compute, where the browser does. */
    readonly threads?: number;
    readonly occlusion?: OcclusionOutline;
  }
  | {
    readonly type: "progress";
    readonly done: number;
    readonly total: number;
    readonly unit: string;
    readonly occlusion?: OcclusionScores;
    readonly preview?: ImageLink;
  }
  | { readonly type: "result"; readonly result: RunResult }
  | { readonly type: "error"; readonly problem: Problem };
