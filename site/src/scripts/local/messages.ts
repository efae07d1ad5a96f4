import type { ArrayLink, ImageLink, RunResult } from "../../../../shared/api/mod.ts";

/** What the page asks the worker for. */
export interface LocalJob {
  /** Where the functions are, which have the networks' files; empty: where the page is. */
  readonly origin: string;
  readonly method: string;
  readonly model: string;
  /** Options as texts. */
  readonly fields: Readonly<Record<string, string>>;
  readonly images: Readonly<Record<"image" | "guide", Blob | undefined>>;
}

/** A link whose file is still a blob: only the page can make an address of it that lasts. */
export type Unlinked<Link> = Omit<Link, "url"> & { readonly blob: Blob };

export type LocalResult = Omit<RunResult, "images" | "arrays" | "files"> & {
  readonly images: Readonly<Record<string, Unlinked<ImageLink>>>;
  readonly arrays: Readonly<Record<string, Unlinked<ArrayLink>>>;
  readonly files: Readonly<Record<string, Blob>>;
};

export type LocalEvent =
  | {
    readonly type: "start";
    readonly total: number;
    readonly unit: string;
    readonly backend: string;
  }
  | {
    readonly type: "progress";
    readonly done: number;
    readonly total: number;
    readonly unit: string;
    readonly preview?: Unlinked<ImageLink>;
  }
  | { readonly type: "result"; readonly result: LocalResult }
  | { readonly type: "error"; readonly title: string; readonly detail: string };
