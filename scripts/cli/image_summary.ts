import type { Json } from "../../shared/contract/method.ts";
import { formatMeasure, measureLabel } from "../../shared/methods/format_measure.ts";
import type { LeftOut } from "./left_out.ts";
import { table } from "./table.ts";

/** What was found of one of several images, or of one of several targets. */
export interface ImageDone {
  readonly image?: string;
  /** As it was asked for; only where there are several. */
  readonly target?: string;
  /** Of its results. */
  readonly folder: string;
  readonly seconds: number;
  readonly notes: readonly string[];
  readonly measures: { readonly [name: string]: Json };
}

/** Measures that a line has room for. */
const MOST_COLUMNS = 5;
/** Characters of a value; longer ones are cut. */
const MOST_CHARACTERS = 32;

/** A line for each image: its first measures, or that it was left out. */
export function summaryTable(done: readonly ImageDone[], leftOut: readonly LeftOut[]): string {
  const rows = done.map(({ measures }) => cellsOf(measures));
  const keys = [...new Set(rows.flatMap((cells) => [...cells.keys()]))].slice(0, MOST_COLUMNS);
  const all = [...done, ...leftOut];
  const hasImages = done.length === 0 || done.some(({ image }) => image !== undefined);
  const hasTargets = all.some(({ target }) => target !== undefined);
  const names = ({ image = "", target = "" }: { image?: string; target?: string }) => [
    ...hasImages ? [image] : [],
    ...hasTargets ? [shortened(target)] : [],
  ];
  return table([
    [
      ...hasImages ? ["Image"] : [],
      ...hasTargets ? ["Asked for"] : [],
      ...keys.map(measureLabel),
      "Seconds",
    ],
    ...done.map((run, i) => [
      ...names(run),
      ...keys.map((key) => rows[i].get(key) ?? ""),
      run.seconds.toFixed(1),
    ]),
    ...leftOut.map((run) => [...names(run), ...keys.map(() => ""), "left out"]),
  ]);
}

/** Texts of what fits into a cell: plain values, a class by its label, of a ranking the first. */
function cellsOf(measures: ImageDone["measures"]): Map<string, string> {
  const cells = new Map<string, string>();
  for (const [key, value] of Object.entries(measures)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (isLabelled(first)) {
      cells.set(key, shortened(first.label));
      if (typeof first.probability === "number" && measures.probability === undefined) {
        cells.set("probability", formatMeasure("probability", first.probability));
      }
    } else if (value !== null && typeof value !== "object") {
      cells.set(key, shortened(formatMeasure(key, value)));
    }
  }
  return cells;
}

const isLabelled = (value: unknown): value is { label: string; probability?: Json } =>
  typeof value === "object" && value !== null && "label" in value &&
  typeof value.label === "string";

const shortened = (text: string) =>
  text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 3)}...` : text;
