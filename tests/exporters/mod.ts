/** Small classifiers as exporters of 2024 to 2026 write them, habits, names and all. */
import type { ExportedNetwork } from "./exporter.ts";
import { dynamo, keras, paddle, sklearn, tensorflow, torchScript } from "./frameworks.ts";
import { quantised, runtime, sequence, spectral, torchvision, ultralytics } from "./layers.ts";

export { CLASSES, SIZE } from "./exporter.ts";

export const EXPORTED: readonly ExportedNetwork[] = [
  dynamo(),
  torchScript(),
  tensorflow(),
  keras(),
  paddle(),
  sklearn(),
  runtime(),
  quantised(),
  ultralytics(),
  torchvision(),
  sequence(),
  spectral(),
];
