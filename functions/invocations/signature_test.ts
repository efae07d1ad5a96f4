import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { FRESHNESS_MS, Signer } from "./signature.ts";

const SECRET = "a secret of the tests";
const signer = new Signer(SECRET);
const body = new TextEncoder().encode("a tile");
const DIGEST = createHash("sha256").update(body).digest("hex");
const NOW = 1_700_000_000_000;

test("a signature is the HMAC-SHA256 of time, nonce and digest with dots between", async () => {
  const signature = await signer.sign(body, NOW);
  const [, nonce] = /,n=(\w+)/.exec(signature)!;
  const mac = createHmac("sha256", SECRET).update(`${NOW}.${nonce}.${DIGEST}`).digest("hex");
  expect(signature).toBe(`t=${NOW},n=${nonce},sha256=${DIGEST},v1=${mac}`);
});

test("a signature is good once, and the same body can be signed again", async () => {
  const signature = await signer.sign(body, NOW);
  expect(await signer.check(signature, NOW)).toEqual({ digest: DIGEST });
  expect(await signer.check(signature, NOW + 1)).toEqual({
    fault: "the signature was used before",
  });
  expect(await signer.check(await signer.sign(body, NOW), NOW)).toEqual({ digest: DIGEST });
});

test("a signature holds for a while, and says what it is for", async () => {
  const signature = await signer.sign(body, NOW);
  for (const now of [NOW, NOW + FRESHNESS_MS, NOW - FRESHNESS_MS]) {
    const fresh = new Signer(SECRET);
    expect(await fresh.check(signature, now)).toEqual({ digest: DIGEST });
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
