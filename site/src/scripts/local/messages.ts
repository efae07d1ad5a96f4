import type {
  ArrayLink,
  ImageLink,
  OcclusionOutline,
  OcclusionScores,
  Problem,
  RunResult,
} from "../../../../shared/api/mod.ts";
import type { OpenError } from "./open_error.ts";
import type { NetworkPlace } from "./open_local_network.ts";
import type { Answers, Opening, StoredNetwork } from "./opened_file.ts";

/** What the page has the worker run. */
export interface LocalJob {
  readonly place: NetworkPlace;
  readonly method: string;
  /** Options as texts. */
  readonly fields: Readonly<Record<string, string>>;
  readonly images: Readonly<Record<"image" | "guide", Blob | undefined>>;
}

/**
 * What the page says to the worker: one job at a time, that it is not wanted any more, and that
 * there will be one soon.
 */
export type LocalRequest =
  | { readonly type: "run"; readonly job: LocalJob }
  | { readonly type: "open"; readonly files: readonly File[]; readonly answers: Answers }
  | { readonly type: "abort" }
  | { readonly type: "warm" };

/** A link whose file is still a blob: only the page can make an address of it that lasts. */
export type Unlinked<Link> = Omit<Link, "url"> & { readonly blob: Blob };

export type LocalResult = Omit<RunResult, "images" | "arrays" | "files"> & {
  readonly images: Readonly<Record<string, Unlinked<ImageLink>>>;
  readonly arrays: Readonly<Record<string, Unlinked<ArrayLink>>>;
  readonly files: Readonly<Record<string, Blob>>;
};

/** The outline of an occlusion map, as {@linkcode OcclusionOutline}. */
export type LocalOutline = Omit<OcclusionOutline, "image" | "occluder"> & {
  readonly image: Unlinked<ImageLink>;
  readonly occluder: Unlinked<ImageLink>;
};

/** What the worker says of its job; the last is a `result`, `opened` or an `error`. */
export type LocalEvent =
  | {
    readonly type: "start";
    readonly total: number;
    readonly unit: string;
    readonly backend: string;
    readonly threads: number;
    readonly occlusion?: LocalOutline;
  }
  | {
    readonly type: "progress";
    readonly done: number;
    readonly total: number;
    readonly unit: string;
    readonly preview?: Unlinked<ImageLink>;
    readonly occlusion?: OcclusionScores;
  }
  | { readonly type: "result"; readonly result: LocalResult }
  | ({ readonly type: "opening" } & Opening)
  | { readonly type: "opened"; readonly stored: StoredNetwork }
  | {
    readonly type: "error";
    readonly problem: Pick<Problem, "title" | "detail">;
    /** Why files could not be opened. */
    readonly open?: Pick<OpenError, "fault" | "missing">;
  };
