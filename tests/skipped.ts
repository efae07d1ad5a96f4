/** What some tests need that is not part of the project. */
const NEEDS = ["browser", "models", "native", "node", "redis", "webgpu"] as const;

export type Need = typeof NEEDS[number];

const required = (Deno.env.get("REQUIRE") ?? "").split(",").filter(Boolean);
const unknown = required.filter((name) => !NEEDS.includes(name as Need));
if (unknown.length > 0) {
  throw new RangeError(`Cannot require ${unknown.join(", ")} of the tests: expected ${NEEDS}`);
}

/**
 * Says why tests are skipped, where what they need is missing.
 *
 * @param why Completes "skipped: ...".
 * @returns Whether it is missing.
 * @throws {Error} If it is, and the environment's `REQUIRE` names the need.
 */
export function skipped(need: Need, isMissing: boolean, why: string): boolean {
  if (!isMissing) return false;
  if (required.includes(need)) throw new Error(`REQUIRE names "${need}": ${why}`);
  console.log(`skipped: ${why}`);
  return true;
}
