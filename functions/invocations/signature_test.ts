import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { FRESHNESS_MS, Signer } from "./signature.ts";

const SECRET = "a secret of the tests";
const signer = new Signer(SECRET);
const body = new TextEncoder().encode("a tile");
const DIGEST = createHash("sha256").update(body).digest("hex");
const NOW = 1_700_000_000_000;

test("a signature is the HMAC-SHA256 of time, dot and digest", async () => {
  const mac = createHmac("sha256", SECRET).update(`${NOW}.${DIGEST}`).digest("hex");
  expect(await signer.sign(body, NOW)).toBe(`t=${NOW},sha256=${DIGEST},v1=${mac}`);
});

test("a signature holds for a while, and says what it is for", async () => {
  const signature = await signer.sign(body, NOW);
  for (const now of [NOW, NOW + FRESHNESS_MS, NOW - FRESHNESS_MS]) {
    expect(await signer.check(signature, now)).toEqual({ digest: DIGEST });
  }
  for (const now of [NOW + FRESHNESS_MS + 1, NOW - FRESHNESS_MS - 1]) {
    expect(await signer.check(signature, now)).toEqual({ fault: "the signature is too old" });
  }
});

test("a signature that was tampered with does not hold", async () => {
  const signature = await signer.sign(body, NOW);
  const other = await signer.sign(new TextEncoder().encode("a Tile"), NOW);
  const wrong: [string | null, string][] = [
    [signature.replace(DIGEST, /sha256=(\w+)/.exec(other)![1]), "wrong"],
    [signature.replace(`t=${NOW}`, `t=${NOW + 1}`), "wrong"],
    [signature.replace(/.$/, (last) => last === "0" ? "1" : "0"), "wrong"],
    [await new Signer("another secret of theirs").sign(body, NOW), "wrong"],
    [null, "missing"],
    ["", "missing"],
    [signature.slice(0, -1), "missing"],
    [`${signature}0`, "missing"],
  ];
  for (const [given, why] of wrong) {
    expect(await signer.check(given, NOW)).toEqual({ fault: expect.stringContaining(why) });
  }
});
