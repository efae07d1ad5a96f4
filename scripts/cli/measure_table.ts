import type { Json } from "../../shared/contract/method.ts";
import { formatMeasure, measureLabel } from "../../shared/methods/format_measure.ts";
import { measureInfo } from "../../shared/methods/measures.ts";
import { table } from "./table.ts";

/** The measures of a result: what each is called, its value with its unit, and how to read it. */
export function measureTable(measures: { readonly [name: string]: Json }): string {
  const rows = Object.entries(measures)
    .filter(([, value]) => value !== null && typeof value !== "object")
    .map(([key, value]) => [
      measureLabel(key),
      formatMeasure(key, value),
      measureInfo(key)?.sentence ?? "",
    ]);
  return table([["Measure", "Value", "How to read it"], ...rows]);
}
