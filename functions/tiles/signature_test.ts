import { expect, test } from "vitest";
import { FRESHNESS_MS, Signer } from "./signature.ts";

const signer = new Signer("a secret of the tests");
const body = new TextEncoder().encode("a tile");
const NOW = 1_700_000_000_000;

test("a signature holds for its body, its secret and its time", async () => {
  const signature = await signer.sign(body, NOW);
  expect(signature).toMatch(/^t=1700000000000,v1=[0-9a-f]{64}$/);
  expect(await signer.fault(signature, body, NOW + FRESHNESS_MS)).toBeUndefined();
  expect(await signer.fault(signature, body, NOW - FRESHNESS_MS)).toBeUndefined();
});

test("a signature is the HMAC-SHA256 of time, dot and body", async () => {
  const { createHmac } = await import("node:crypto");
  const expected = createHmac("sha256", "a secret of the tests").update(`${NOW}.a tile`).digest(
    "hex",
  );
  expect(await signer.sign(body, NOW)).toBe(`t=${NOW},v1=${expected}`);
});

test("a signature that was tampered with does not hold", async () => {
  const signature = await signer.sign(body, NOW);
  const wrong: [string | null, Uint8Array, string][] = [
    [signature, new TextEncoder().encode("a Tile"), "wrong"],
    [signature.replace(`t=${NOW}`, `t=${NOW + 1}`), body, "wrong"],
    [signature.replace(/.$/, (last) => last === "0" ? "1" : "0"), body, "wrong"],
    [await new Signer("another secret of theirs").sign(body, NOW), body, "wrong"],
    [null, body, "missing"],
    ["", body, "missing"],
    [signature.slice(0, -1), body, "missing"],
    [`${signature}0`, body, "missing"],
  ];
  for (const [given, bytes, why] of wrong) {
    expect(await signer.fault(given, bytes, NOW)).toContain(why);
  }
});

test("a signature goes stale", async () => {
  const signature = await signer.sign(body, NOW);
  expect(await signer.fault(signature, body, NOW + FRESHNESS_MS + 1)).toContain("too old");
  expect(await signer.fault(signature, body, NOW - FRESHNESS_MS - 1)).toContain("too old");
});
