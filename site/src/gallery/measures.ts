import type { GalleryFigure } from "../../../shared/gallery/gallery_figure.ts";
import type { Json } from "../../../shared/contract/method.ts";
import { networks } from "./networks.ts";
import { DIGITS, percent } from "../../../shared/methods/format_measure.ts";
import { formatNumber } from "../../../shared/printable.ts";

/** A number of per cent, to three digits. */
export const formatPercent = (value: number) => `${Number(value.toPrecision(3))} %`;

/** The number that belongs beside a figure: how sure the network is, and how sure another one. */
export function headline({ measures }: GalleryFigure): string | undefined {
  const { probability, transfer, activation } = measures;
  const parts: string[] = [];
  if (typeof probability === "number") parts.push(`probability ${percent(probability)}`);
  if (isRecord(transfer) && typeof transfer.probability === "number") {
    parts.push(`${titleOf(String(transfer.network))} agrees: ${percent(transfer.probability)}`);
  }
  if (typeof activation === "number") parts.push(`activation ${formatNumber(activation, DIGITS)}`);
  // A line may break anywhere but between a number and its unit.
  const whole = parts.map((part) => part.replaceAll(/(?<=\d) (?=%)/g, "\u00a0"));
  return whole.length > 0 ? whole.join(" · ") : undefined;
}

/** Whether a measure is a list of records, which is a table. */
export function isRecords(value: Json): value is readonly { readonly [name: string]: Json }[] {
  return Array.isArray(value) && value.length > 0 && value.every(isRecord);
}

function isRecord(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a network is called where the gallery knows it. */
function titleOf(id: string): string {
  return networks().find((network) => network.id === id)?.title ?? TITLES[id] ?? id;
}

/** Of judges without pages of their own. */
const TITLES: Readonly<Record<string, string>> = { "glyphnet-b": "Glyphnet B" };
