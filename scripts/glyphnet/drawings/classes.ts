/** A class of object: what it is called, and its icon's name where that differs. */
export interface GlyphClass {
  readonly label: string;
  readonly icon: string;
}

/** Icons whose common name is long or unclear. */
const LABELS: Readonly<Record<string, string>> = {
  "alarm-clock": "alarm clock",
  "automobile": "car",
  "cheese-wedge": "cheese",
  "honeybee": "bee",
  "hot-beverage": "cup",
  "lady-beetle": "ladybird",
  "light-bulb": "light bulb",
  "soccer-ball": "football",
  "tropical-fish": "tropical fish",
  "wine-glass": "wine glass",
};

const ICONS = [
  ..."flamingo swan parrot peacock owl rooster eagle duck penguin".split(" "),
  ..."fox cow pig rabbit elephant tiger panda crocodile turtle frog".split(" "),
  ..."tropical-fish octopus crab dolphin butterfly honeybee lady-beetle snail".split(" "),
  ..."hot-beverage wine-glass banana pineapple strawberry watermelon pizza".split(" "),
  ..."hamburger doughnut cheese-wedge carrot avocado mushroom sunflower tulip cactus".split(" "),
  ..."automobile bicycle locomotive airplane helicopter rocket sailboat castle".split(" "),
  ..."alarm-clock keyboard camera light-bulb scissors key umbrella".split(" "),
  ..."guitar saxophone soccer-ball balloon crown anchor".split(" "),
];

/** What the network tells apart, in the order of its outputs. */
export const GLYPH_CLASSES: readonly GlyphClass[] = ICONS.map((icon) => ({
  icon,
  label: LABELS[icon] ?? icon,
}));
