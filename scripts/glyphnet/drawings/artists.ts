/** A set of pictographs drawn in one style. */
export interface Artist {
  /** Name of its npm package below @iconify-json. */
  readonly id: string;
  /** Networks learn from it. Those that are not are kept to ask what a network makes of a new hand. */
  readonly isTraining: boolean;
  /** Icons left out: their paths reach far outside the image, at which resvg 0.44 gives up. */
  readonly omitted?: readonly string[];
  /** What the set calls an icon, where its names are not the usual ones. */
  readonly nameOf?: (icon: string) => string;
}

const FXEMOJI_NAMES: Readonly<Record<string, string>> = {
  castle: "europeancastle",
  locomotive: "steamlocomotive",
  panda: "pandaface",
  pizza: "sliceofpizza",
  rabbit: "bunnyside",
  scissors: "blackscissors",
};

const STREAMLINE_NAMES: Readonly<Record<string, string>> = {
  fox: "fox-face-1",
  frog: "frog-face",
  panda: "panda-face",
  ...Object.fromEntries(
    ["penguin", "hot-beverage", "strawberry", "watermelon", "pizza", "hamburger", "doughnut"]
      .concat("sunflower", "cactus").map((icon) => [icon, `${icon}-1`]),
  ),
};

/**
 * The sets that scenes are made of. A set may lack a few of the classes.
 *
 * OpenMoji is share-alike (CC-BY-SA-4.0): nothing that it contributes to is shipped.
 */
export const ARTISTS: readonly Artist[] = [
  { id: "noto", isTraining: true },
  { id: "noto-v1", isTraining: true, omitted: ["lady-beetle", "hot-beverage"] },
  { id: "fluent-emoji-flat", isTraining: true },
  { id: "twemoji", isTraining: true },
  { id: "emojione", isTraining: true },
  {
    id: "fxemoji",
    isTraining: true,
    nameOf: (icon) => FXEMOJI_NAMES[icon] ?? icon.replaceAll("-", ""),
  },
  { id: "streamline-emojis", isTraining: true, nameOf: (icon) => STREAMLINE_NAMES[icon] ?? icon },
  { id: "openmoji", isTraining: false },
];

export const TRAINING_ARTISTS: readonly string[] = ARTISTS.filter(({ isTraining }) => isTraining)
  .map(({ id }) => id);

export const HELD_OUT_ARTISTS: readonly string[] = ARTISTS.filter(({ isTraining }) => !isTraining)
  .map(({ id }) => id);

/** @throws {RangeError} If there is no such set. */
export function findArtist(id: string): Artist {
  const artist = ARTISTS.find((artist) => artist.id === id);
  if (artist) return artist;
  const known = ARTISTS.map(({ id }) => id).join(", ");
  throw new RangeError(`Cannot find the artist "${id}": known are ${known}`);
}
