/**
 * Random numbers by position: element `index` of the stream `seed`, whatever was drawn before. So
 * work that is split up draws the same numbers as work in one piece, and engines agree to the bit.
 *
 * @module
 */

/** Finaliser of MurmurHash3 (Austin Appleby, public domain): every input bit reaches every output. */
function mix(bits: number): number {
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/**
 * A number drawn evenly from [0, 1).
 *
 * @param seed Chooses the stream; an integer.
 * @param index Position in the stream; an integer.
 */
export function uniformAt(seed: number, index: number): number {
  const stream = mix(Math.imul(seed, 0x9e3779b9) ^ 0x5bd1e995);
  return mix(mix(stream ^ index) + 0x9e3779b9) / 2 ** 32;
}

/** A number drawn from the standard normal distribution (Box and Muller, 1958). */
export function normalAt(seed: number, index: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniformAt(seed, 2 * index)));
  return radius * Math.cos(2 * Math.PI * uniformAt(seed, 2 * index + 1));
}
