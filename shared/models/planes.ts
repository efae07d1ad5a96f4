/** How many channels an image has in each order of a network's planes. */
export const CHANNELS = { RGB: 3, BGR: 3, GRAY: 1 } as const;

/** How many planes an input has: of "PLANES", which are no colours, as many as there are means. */
export function planeCount(
  { channelOrder, mean }: { readonly channelOrder: ChannelOrder; readonly mean: readonly number[] },
): number {
  return channelOrder === "PLANES" ? mean.length : CHANNELS[channelOrder];
}

/** The order of a network's planes. */
export type ChannelOrder = keyof typeof CHANNELS | "PLANES";
