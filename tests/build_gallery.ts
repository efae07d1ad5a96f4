/** Builds the gallery of build_figures_test.ts in the folder that is given: to be killed. */
import { join } from "node:path";
import { buildFigures } from "../scripts/figures/build_figures.ts";

const [root] = Deno.args;
await buildFigures({
  networks: [{
    id: "glyphnet",
    unitLayers: ["conv1"],
    sets: [{
      id: "occlusion",
      method: "occlusion",
      images: "samples",
      options: () => [{ window: 48, stride: 48 }],
    }],
  }],
  folder: join(root, "gallery"),
  ownFolder: join(root, "own"),
}, { workers: 2, onlyPlan: false });
