import { formatNumber } from "../printable.ts";
import type { Json } from "../contract/method.ts";
import { measureInfo } from "./measures.ts";

/** Items of a list that are printed. */
const MOST = 12;

/** Significant digits of a measure. */
export const DIGITS = 4;

/** What a measure is called; of a key that is no measure's, the key in words. */
export function measureLabel(key: string): string {
  return measureInfo(key)?.label ?? inWords(key);
}

/** `pairwiseDistance` as "Pairwise distance". */
export function inWords(key: string): string {
  const words = key.replaceAll(/([a-z\d])([A-Z])/g, "$1 $2").replaceAll(/[-_]/g, " ");
  return words === "" ? "" : words[0].toUpperCase() + words.slice(1).toLowerCase();
}

/** A measure as text with its unit; long lists are cut. */
export function formatMeasure(key: string, value: Json): string {
  const unit = measureInfo(key)?.unit;
  if (typeof value === "number") {
    if (unit === "%") return percent(value);
    return `${formatNumber(value, DIGITS)}${unit === undefined ? "" : ` ${unit}`}`;
  }
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) {
    if (value.some((item) => typeof item === "object")) return `${value.length} entries`;
    return value.slice(0, MOST).map((item) => formatMeasure(key, item)).join(", ") +
      (value.length > MOST ? `, and ${value.length - MOST} more` : "");
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([name, item]) => `${measureLabel(name).toLowerCase()} ${formatMeasure(name, item)}`)
      .join(", ");
  }
  return String(value);
}

/** A share in per cent; near certainty and near zero, to a tenth. */
export function percent(share: number): string {
  const isNearEnd = share !== 0 && share !== 1 && (share > 0.985 || share < 0.1);
  return `${(100 * share).toFixed(isNearEnd ? 1 : 0)} %`;
}
