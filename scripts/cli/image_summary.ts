import type { Json } from "../../shared/contract/method.ts";
import { formatMeasure, measureLabel } from "../../shared/methods/format_measure.ts";
import type { LeftOut } from "./left_out.ts";
import { table } from "./table.ts";

/** What was found of one of several images. */
export interface ImageDone {
  readonly image: string;
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

/** A line for each image: its first measures, or why it was left out. */
export function summaryTable(done: readonly ImageDone[], leftOut: readonly LeftOut[]): string {
  const plain = (measures: ImageDone["measures"]) =>
    Object.keys(measures).filter((key) =>
      measures[key] !== null && typeof measures[key] !== "object"
    );
  const keys = [...new Set(done.flatMap(({ measures }) => plain(measures)))].slice(0, MOST_COLUMNS);
  const cell = ({ measures }: ImageDone, key: string) =>
    measures[key] === undefined || measures[key] === null
      ? ""
      : shortened(formatMeasure(key, measures[key]));
  return table([
    ["Image", ...keys.map(measureLabel), "Seconds"],
    ...done.map((row) => [row.image, ...keys.map((key) => cell(row, key)), row.seconds.toFixed(1)]),
    ...leftOut.map(({ image }) => [image, ...keys.map(() => ""), "left out"]),
  ]);
}

const shortened = (text: string) =>
  text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 3)}...` : text;
