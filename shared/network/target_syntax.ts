import { InputError } from "../errors.ts";

/** Told once, wherever a target can be given. */
export const TARGET_HELP =
  'What is explained: a class ("top-1", an index, or a label); a sum of classes, "cup - bowl" or ' +
  '"0.5*cup + mug"; a unit or channel, "<layer>:<channel>[:<row>:<column>]"; a class of a map of ' +
  'scores, "<class>@map", "<class>@mask" (where it is the top one) or ' +
  '"<class>@box:<top>,<left>,<height>,<width>" (in positions of the map); or the cosine similarity ' +
  'with a second image, "code:<image>", of a layer "code@<layer>:<image>".';

/** A rectangle of positions. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** Which positions of a map of scores are added up. */
export type Region = "map" | "mask" | Box;

/** A target as it is written, before it is looked up in a network. */
export type TargetText =
  | { readonly kind: "code"; readonly layer?: string; readonly image: string }
  | { readonly kind: "region"; readonly name: string; readonly region: Region }
  | { readonly kind: "class"; readonly name: string }
  | { readonly kind: "sum"; readonly terms: readonly ClassTerm[] };

export interface ClassTerm {
  readonly weight: number;
  readonly name: string;
}

/** Whether a target is compared with a second image, and which. */
export function comparedImage(text: string): string | undefined {
  const parsed = readCode(text);
  return parsed?.kind === "code" ? parsed.image : undefined;
}

/** @throws {InputError} If there is a second image that the target is not compared with. */
export function refuseIdleGuide(target: string, guide: unknown): void {
  if (guide === undefined || comparedImage(target) !== undefined) return;
  throw new InputError(
    `Cannot use the second image: "${target}" is not compared with it, expected --target ` +
      "code:<image>, or no second image",
  );
}

/**
 * Reads a target that is not a unit.
 *
 * @param isLabel Whether a text is the name of a class, signs and all.
 * @throws {InputError} If a box is not one.
 */
export function parseTarget(text: string, isLabel: (text: string) => boolean): TargetText {
  return readCode(text) ?? readRegion(text) ??
    (isLabel(text) ? undefined : readSum(text)) ?? { kind: "class", name: text };
}

function readCode(text: string): TargetText | undefined {
  const [whole, layer, image] = /^code(?:@(.+?))?:(.+)$/.exec(text) ?? [];
  return whole === undefined ? undefined : { kind: "code", layer, image };
}

function readRegion(text: string): TargetText | undefined {
  const [whole, name, place] = /^(.+)@(map|mask|box:.*)$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  if (place === "map" || place === "mask") return { kind: "region", name, region: place };
  const numbers = /^box:(\d+),(\d+),(\d+),(\d+)$/.exec(place)?.slice(1).map(Number);
  if (numbers === undefined || numbers[2] === 0 || numbers[3] === 0) {
    throw new InputError(
      `Cannot read the box "${place}": expected box:<top>,<left>,<height>,<width> in whole ` +
        "positions, with an extent of 1 or more",
    );
  }
  const [top, left, height, width] = numbers;
  return { kind: "region", name, region: { top, left, height, width } };
}

/** Terms between " + " and " - ", each with a factor before a star or without one. */
function readSum(text: string): TargetText | undefined {
  const [first, ...rest] = text.trim().split(/\s+([+-])\s+/);
  const terms = [readTerm(first, 1)];
  for (let i = 0; i < rest.length; i += 2) {
    terms.push(readTerm(rest[i + 1], rest[i] === "-" ? -1 : 1));
  }
  const isPlain = terms.length === 1 && terms[0].weight === 1;
  return isPlain ? undefined : { kind: "sum", terms };
}

function readTerm(text: string, sign: number): ClassTerm {
  const [, factor, name] = /^(-?\d+(?:\.\d+)?|-?\.\d+)\s*\*\s*(.+)$/.exec(text) ?? [];
  return factor === undefined
    ? { weight: sign, name: text }
    : { weight: sign * Number(factor), name };
}
