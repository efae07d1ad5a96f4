const IMAGE = new URL("../../site/public/samples/street.png", import.meta.url);

/** A job of some seconds, whose parts go to whoever computes: an occlusion map of 289 positions. */
export function probe(origin: string): Request {
  const body = new FormData();
  body.set("image", new Blob([Deno.readFileSync(IMAGE)]), "street.png");
  body.set("model", "glyphnet");
  body.set("window", "16");
  body.set("stride", "5");
  return new Request(`${origin}/api/occlusion`, { method: "POST", body });
}
