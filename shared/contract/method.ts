import type { z } from "zod";
import type { Kernel, Mapped, ScheduleOptions } from "../compute/mod.ts";
import type { Figure, Placed } from "../figure/mod.ts";
import type { Image } from "../image/image.ts";
import type { Model } from "../onnx/mod.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Network } from "../network/network.ts";
import type { OcclusionUpdate } from "./occlusion_update.ts";

/** The publication a method comes from. */
export interface Paper {
  readonly title: string;
  readonly authors: string;
  readonly venue: string;
  readonly year: number;
  readonly url: string;
}

/** What a method looks at: one preprocessed image. */
export interface MethodInput extends Placed {
  /** [1, C, H, W], exactly as it is fed to the network; `image` has the same W x H pixels. */
  readonly tensor: Tensor<"float32">;
  /** What a person should know of the image's file, as `decodeImage` says it. @default none */
  readonly notes?: readonly string[];
}

/** Images by number, read one at a time: a folder, an upload, or scenes that are rendered. */
export interface Corpus {
  readonly count: number;
  /** Of one image, for a person: its file's name. */
  nameOf(index: number): string;
  /** What it shows, where that is known; equal texts are one class. */
  labelOf?(index: number): string | undefined;
  /** @throws {Error} If it cannot be read; says which. */
  read(index: number, signal?: AbortSignal): Promise<MethodInput>;
}

/** All that a method may look at beside the network. */
export interface MethodInputs {
  readonly image?: MethodInput;
  /** A second image: what a dream is led by, the style of a transfer. */
  readonly guide?: MethodInput;
  readonly corpus?: Corpus;
}

/** The inputs of a method that looks at one image. */
export type ImageInputs = MethodInputs & { readonly image: MethodInput };

/** The inputs of a method that looks at a folder of images. */
export type CorpusInputs = MethodInputs & { readonly corpus: Corpus };

/** Whether an input has to be there; one that is not named is refused. */
export type InputSpec = { readonly [Kind in keyof MethodInputs]?: "required" | "optional" };

/** A step of a running method. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What the steps are: "positions", "iterations". */
  readonly unit: string;
  /** Draws the result as far as it stands; to be called before the next step, if at all. */
  readonly preview?: () => Image;
  /** What can be drawn of an occlusion map at once. */
  readonly occlusion?: OcclusionUpdate;
}

/** What a method runs on. */
export interface Context {
  readonly network: Network;
  /** Ends the run with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Where a long run keeps how far it is. @default nowhere */
  readonly checkpoint?: Checkpoint;
  /**
   * Applies a kernel to items on whatever computes here: this thread, workers, other machines.
   *
   * @param shared What all items share; plain data.
   * @param items Asked for one when there is time for it.
   * @returns The results in the order they come; the same to the last bit wherever they are made.
   */
  map<Shared, Item, Result>(
    kernel: Kernel<Shared, Item, Result, Network>,
    shared: Shared,
    items: Iterable<Item> | AsyncIterable<Item>,
    options?: Pick<ScheduleOptions, "batch">,
  ): AsyncGenerator<Mapped<Item, Result>, void>;
}

/** One small file that outlives a run that is stopped. */
export interface Checkpoint {
  load(): Promise<Uint8Array | undefined>;
  save(bytes: Uint8Array): Promise<void>;
}

/** A JSON value: what a measure or a detail may hold. */
export type Json = string | number | boolean | null | readonly Json[] | {
  readonly [key: string]: Json;
};

export interface MethodResult {
  /** What is shown with words, by name; each becomes `<name>.svg` and `<name>.png`. */
  readonly figures: Readonly<Record<string, Figure>>;
  /** Images in their own right, such as a dream or a mask; each becomes `<name>.png`. */
  readonly images: Readonly<Record<string, Image>>;
  /** Finished files of other kinds by name with ending, such as an animation. @default none */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** Raw arrays by name; each becomes `<name>.npy`. */
  readonly arrays: Readonly<Record<string, Tensor>>;
  /** Named figures, and whatever else belongs into result.json. */
  readonly measures: { readonly [name: string]: Json };
}

/** A method while it runs. */
export type Run = AsyncGenerator<Progress, MethodResult, void>;

/** A part of a run with a result of its own. */
export type Steps<Result> = AsyncGenerator<Progress, Result, void>;

/**
 * One way of looking into a network. The command line, the HTTP route, OpenAPI and the form on the
 * site are derived from this description.
 */
export interface Method<
  Options = unknown,
  Inputs extends MethodInputs = MethodInputs,
> {
  /** Kebab-case; names the command and the route. */
  readonly id: string;
  readonly title: string;
  /** One sentence for a person who has not met the method. */
  readonly summary: string;
  readonly paper: Paper;
  readonly takes: InputSpec;
  /**
   * A zod object; every field has a default, a `.describe()` sentence and, where it is a quantity,
   * `.meta({ unit })`.
   */
  readonly options: z.ZodObject & z.ZodType<Options>;
  /** Yields after each step; leaving the generator ends the run. */
  run(context: Context, inputs: Inputs, options: Options): Run;
  /** The ONNX model that the run is made of, where it is one: for use with any other runtime. */
  emit?(context: Context, inputs: Inputs, options: Options): Promise<Model>;
}
