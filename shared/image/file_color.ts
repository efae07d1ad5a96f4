/** The points of a colour space in the CIE 1931 xy plane. */
export interface Chromaticities {
  readonly white: Chromaticity;
  readonly red: Chromaticity;
  readonly green: Chromaticity;
  readonly blue: Chromaticity;
}

export type Chromaticity = readonly [x: number, y: number];

/** What a file says about the meaning of its levels; without it they are sRGB. */
export type FileColor =
  | { readonly kind: "icc"; readonly profile: Uint8Array; readonly isDeflated: boolean }
  | {
    readonly kind: "gamma";
    /** Levels are light to the power of this; 1 is linear. */
    readonly gamma: number;
    /** Undefined: as in sRGB. */
    readonly chromaticities?: Chromaticities;
  }
  | {
    /** Code points of ITU-T H.273. */
    readonly kind: "code-points";
    readonly primaries: number;
    readonly transfer: number;
  };
