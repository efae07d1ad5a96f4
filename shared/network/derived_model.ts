import type { Model } from "../onnx/mod.ts";
import { digestModel } from "./session_cache.ts";

/** A model that is made from a network's only where its session is not open: by its name. */
export interface DerivedModel {
  /** The same for the same model, and for no other that is made from this network. */
  readonly key: string;
  build(): Model;
}

/** How many digests are remembered; then they are forgotten, which costs time alone. */
const MOST = 1000;

/** Remembers the digests of models that are made from a network. */
export class DerivedModels {
  readonly #digests = new Map<string, string>();

  /** The digest of a model, and what makes the model: at most once. */
  async name(
    asked: Model | DerivedModel,
  ): Promise<{ readonly digest: string; readonly build: () => Model }> {
    if (!("build" in asked)) return { digest: await digestModel(asked), build: () => asked };
    let model: Model | undefined;
    const build = () => model ??= asked.build();
    const known = this.#digests.get(asked.key);
    if (known !== undefined) return { digest: known, build };
    const digest = await digestModel(build());
    if (this.#digests.size >= MOST) this.#digests.clear();
    this.#digests.set(asked.key, digest);
    return { digest, build };
  }
}
