import { listModels, locateModel } from "../../networks/mod.ts";

/** Ids of the networks that are on this machine and score classes. */
export function classifiersHere(): string[] {
  return listModels()
    .filter((model) => model.outputs?.logits !== undefined && locateModel(model) !== undefined)
    .map(({ id }) => id);
}
