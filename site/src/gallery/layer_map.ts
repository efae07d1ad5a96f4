import type { LayerSummary, NetworkSummary } from "../../../shared/gallery/network_summary.ts";
import { tellingUnits, type UnitFigure, unitFigures } from "./choose.ts";

/** A layer that learned something, and what follows it without weights of its own. */
export interface Level {
  readonly layer: LayerSummary;
  readonly followers: readonly LayerSummary[];
  /** Some of its units. */
  readonly units: readonly UnitFigure[];
  /** The box that stands for it, in units of the drawing. */
  readonly box: { readonly width: number; readonly height: number };
}

/** Units of a level that are shown. */
const SHOWN = 8;

/** The largest box. */
const [WIDEST, HIGHEST] = [64, 56];

/** The smallest extent of a box: one position, or one channel, is still to be seen. */
const LEAST = 4;

/**
 * A network as a way from the image to the classes. Layers without weights of their own, as pools and
 * activations, belong to the one before them.
 */
export function layerMap({ id, layers }: NetworkSummary): readonly Level[] {
  const most = {
    channels: Math.max(...layers.map(channelsOf)),
    side: Math.max(...layers.map(sideOf)),
  };
  const levels: { layer: LayerSummary; followers: LayerSummary[]; units: readonly UnitFigure[] }[] =
    [];
  for (const layer of layers) {
    const units = unitFigures(id, layer.alias);
    const last = levels.at(-1);
    if (last && units.length === 0 && layer.parameters === 0) last.followers.push(layer);
    else levels.push({ layer, followers: [], units: tellingUnits(id, layer.alias, SHOWN) });
  }
  return levels.map((level) => ({
    ...level,
    box: {
      width: share(channelsOf(level.layer), most.channels, WIDEST),
      height: share(sideOf(level.layer), most.side, HIGHEST),
    },
  }));
}

const channelsOf = ({ dims }: LayerSummary) => dims[1] ?? 1;

const sideOf = ({ dims }: LayerSummary) => dims.length === 4 ? Math.max(...dims.slice(2)) : 1;

/** Logarithmic, since both extents differ by a hundred times. */
const share = (value: number, most: number, full: number) =>
  Math.round(LEAST + (full - LEAST) * Math.log(value) / Math.log(Math.max(most, 2)));
