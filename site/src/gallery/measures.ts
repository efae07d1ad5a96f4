import type { GalleryFigure } from "../../../shared/gallery/gallery_figure.ts";
import type { Json } from "../../../shared/contract/method.ts";

/** Items of a list that are printed. */
const MOST = 12;

/** `pairwiseDistance` as "Pairwise distance". */
export function titleOf(name: string): string {
  const words = name.replaceAll(/([a-z\d])([A-Z])/g, "$1 $2").replaceAll(/[-_]/g, " ");
  return words[0].toUpperCase() + words.slice(1).toLowerCase();
}

/** A measure as text; long lists are cut. */
export function formatMeasure(value: Json): string {
  if (typeof value === "number") return formatNumber(value);
  if (Array.isArray(value)) {
    if (value.some((item) => typeof item === "object")) return `${value.length} entries`;
    return value.slice(0, MOST).map(formatMeasure).join(", ") +
      (value.length > MOST ? `, and ${value.length - MOST} more` : "");
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([name, item]) => `${titleOf(name).toLowerCase()} ${formatMeasure(item)}`)
      .join(", ");
  }
  return String(value);
}

/** At most four digits. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6)
    ? value.toExponential(2)
    : String(Number(value.toPrecision(4)));
}

/** A number of per cent, to three digits. */
export const formatPercent = (value: number) => `${Number(value.toPrecision(3))} %`;

/** A share in per cent; near certainty, to a tenth. */
export const percent = (share: number) => `${(100 * share).toFixed(share > 0.985 ? 1 : 0)} %`;

/** The number that belongs beside a figure: how sure the network is, and how sure another one. */
export function headline({ measures }: GalleryFigure): string | undefined {
  const { probability, transfer, activation } = measures;
  const parts: string[] = [];
  if (typeof probability === "number") parts.push(`p ${percent(probability)}`);
  if (isRecord(transfer) && typeof transfer.probability === "number") {
    parts.push(`${transfer.network} ${percent(transfer.probability)}`);
  }
  if (typeof activation === "number") parts.push(`activation ${formatNumber(activation)}`);
  // A line may break between the numbers, and nowhere else.
  const whole = parts.map((part) => part.replaceAll(" ", "\u00a0"));
  return whole.length > 0 ? whole.join(" · ") : undefined;
}

/** Whether a measure is a list of records, which is a table. */
export function isRecords(value: Json): value is readonly { readonly [name: string]: Json }[] {
  return Array.isArray(value) && value.length > 0 && value.every(isRecord);
}

function isRecord(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
