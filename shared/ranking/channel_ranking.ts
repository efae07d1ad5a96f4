/** For each of some channels, the images that come first by a number. */
export class ChannelRanking {
  /** [channels, count]; from first to last. */
  readonly values: Float32Array;
  /** [channels, count]; numbers of the images. */
  readonly images: Int32Array;
  /** [channels, count]; where in the channel's map, row by row. */
  readonly positions: Int32Array;
  readonly #sign: number;

  /** @param order Whether large numbers come first, or small ones. */
  constructor(readonly channels: number, readonly count: number, order: "largest" | "smallest") {
    this.#sign = order === "largest" ? 1 : -1;
    this.values = new Float32Array(channels * count).fill(-Infinity * this.#sign);
    this.images = new Int32Array(channels * count).fill(-1);
    this.positions = new Int32Array(channels * count).fill(-1);
  }

  /** Takes an image up if it belongs there; of equals, the one that was there stays before. */
  offer(channel: number, value: number, image: number, position: number): void {
    const [first, last] = [channel * this.count, (channel + 1) * this.count - 1];
    const isBefore = (at: number) =>
      this.images[at] < 0 || this.#sign * value > this.#sign * this.values[at];
    if (!isBefore(last)) return;
    let at = last;
    for (; at > first && isBefore(at - 1); at--) {
      this.values[at] = this.values[at - 1];
      this.images[at] = this.images[at - 1];
      this.positions[at] = this.positions[at - 1];
    }
    this.values[at] = value;
    this.images[at] = image;
    this.positions[at] = position;
  }
}
