import { methods } from "../../../shared/methods/registry.ts";

const titles = new Map(
  await Promise.all(methods.map(async ({ id, load }) => [id, (await load()).title] as const)),
);

/** What a method is called; its id where it is gone from the registry. */
export const methodTitle = (id: string): string => titles.get(id) ?? id;
