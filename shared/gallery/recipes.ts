/** Recipes of class models in the gallery, the most recognisable first. */
export const RECIPES: readonly string[] = [
  "fourier",
  "simonyan",
  "yosinski-1",
  "yosinski-2",
  "yosinski-3",
  "yosinski-4",
];
