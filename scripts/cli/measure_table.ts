import type { Json } from "../../shared/contract/method.ts";
import { formatMeasure, measureLabel } from "../../shared/methods/format_measure.ts";
import { measureInfo } from "../../shared/methods/measures.ts";
import { table } from "./table.ts";

/** The classes that an image was taken for, the most probable first. */
function classTable(classes: readonly Json[]): string {
  const rows = classes.map((one) => {
    const { label, probability, logit } = one as Readonly<Record<string, Json>>;
    return [
      String(label),
      formatMeasure("probability", probability),
      formatMeasure("logit", logit),
    ];
  });
  return table([["Class", "Probability", "Logit"], ...rows]);
}

/** The measures of a result: what each is called, its value with its unit, and how to read it. */
export function measureTable(measures: { readonly [name: string]: Json }): string {
  const single = Object.entries(measures)
    .filter(([, value]) => value !== null && typeof value !== "object");
  if (single.length === 0 && Array.isArray(measures.classes)) return classTable(measures.classes);
  const rows = single
    .map(([key, value]) => [
      measureLabel(key),
      formatMeasure(key, value),
      measureInfo(key)?.sentence ?? "",
    ]);
  return table([["Measure", "Value", "How to read it"], ...rows]);
}
