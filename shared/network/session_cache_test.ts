import { expect, test } from "vitest";
import { convNet, randomTensor } from "../../tests/networks.ts";
import { openSession, type Session } from "../runtime/mod.ts";
import { type OpenedSession, SessionCache } from "./session_cache.ts";

const x = randomTensor([1, 3, 12, 12], 1);
const BYTES = 100;

/** Opens sessions of {@linkcode BYTES} and counts how many are alive. */
function opener() {
  const counts = { opened: 0, alive: 0 };
  const open = async (): Promise<OpenedSession> => {
    counts.opened++;
    counts.alive++;
    const session = await openSession(convNet(), { backend: "wasm" });
    const dispose = session.dispose.bind(session);
    session.dispose = () => {
      counts.alive--;
      return dispose();
    };
    return { session, bytes: BYTES };
  };
  return { counts, open };
}

const runOnce = async (session: Session) => (await session.run({ x }, ["prob"])).prob.data;

test("SessionCache opens a session once, also for uses at the same time", async () => {
  const { counts, open } = opener();
  const cache = new SessionCache(2 * BYTES);
  const results = await Promise.all([1, 2, 3].map(() => cache.use("a", open, runOnce)));
  expect(results[1]).toEqual(results[0]);
  expect(counts).toEqual({ opened: 1, alive: 1 });
});

test("SessionCache frees the session that was not used for longest", async () => {
  const { counts, open } = opener();
  const cache = new SessionCache(2 * BYTES);
  for (const key of ["a", "b", "a", "c", "a"]) await cache.use(key, open, runOnce);
  expect(counts).toEqual({ opened: 3, alive: 2 });
  await cache.use("b", open, runOnce);
  expect(counts.opened).toBe(4);
});

test("SessionCache keeps the last session, however large", async () => {
  const { counts, open } = opener();
  const cache = new SessionCache(BYTES / 2);
  for (const key of ["a", "a", "b"]) await cache.use(key, open, runOnce);
  expect(counts).toEqual({ opened: 2, alive: 1 });
});

test("SessionCache lets runs end before it frees their session", async () => {
  const { counts, open } = opener();
  const cache = new SessionCache(BYTES);
  const keys = ["a", "b", "c", "d"];
  await Promise.all(keys.map((key) => cache.use(key, open, runOnce)));
  expect(counts).toEqual({ opened: 4, alive: 1 });
  const running = cache.use("d", open, runOnce);
  await cache.close();
  await running;
  expect(counts.alive).toBe(0);
});

test("SessionCache tries again after a session could not be opened", async () => {
  const { open } = opener();
  const cache = new SessionCache(BYTES);
  const broken = () => Promise.reject(new Error("no memory"));
  await expect(cache.use("a", broken, runOnce)).rejects.toThrow("no memory");
  expect(await cache.use("a", open, runOnce)).toHaveLength(5);
});
