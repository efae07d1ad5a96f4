import { methods } from "../../../shared/methods/registry.ts";

const titles = new Map(
  await Promise.all(methods.map(async ({ id, load }) => [id, (await load()).title] as const)),
);

/** What a method is called; its id where it is gone from the registry. */
export const methodTitle = (id: string): string => titles.get(id) ?? id;

const TITLES: Readonly<Record<string, string>> = {
  "fourier": "In the Fourier domain",
  "fourier-fast": "In the Fourier domain, in few steps",
  "simonyan": "Simonyan et al.: penalty on the norm",
  "yosinski-1": "Yosinski et al., set 1",
  "yosinski-2": "Yosinski et al., set 2",
  "yosinski-3": "Yosinski et al., set 3",
  "yosinski-4": "Yosinski et al., set 4",
};

/** What a class visualization's recipe is called where it is shown. */
export const recipeTitle = (recipe: string): string => TITLES[recipe] ?? recipe;
