import { InputError } from "../errors.ts";

/**
 * Reads a list of channels: "0-15,40", or "all".
 *
 * @param text Numbers and ranges, both ends included, separated by commas.
 * @param count Channels there are.
 * @param subject What has the channels, for the message: 'the layer "conv1"'.
 * @returns Each channel once, in the order of the text.
 * @throws {RangeError} If it is not such a list, or there is no such channel.
 */
export function channelList(text: string, count: number, subject: string): number[] {
  if (text.trim().toLowerCase() === "all") return Array.from({ length: count }, (_, i) => i);
  const channels = new Set<number>();
  for (const part of text.split(",")) {
    const [, first, last = first] = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part) ?? [];
    if (first === undefined || Number(first) > Number(last) || Number(last) >= count) {
      throw new InputError(
        `Cannot use the channels "${text}": ${subject} has the channels 0 to ${count - 1}; ` +
          `expected "all" or a list of numbers and ranges such as "0-15,40"`,
      );
    }
    for (let channel = Number(first); channel <= Number(last); channel++) channels.add(channel);
  }
  return [...channels];
}
