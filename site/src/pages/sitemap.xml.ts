import type { APIRoute } from "astro";
import { allFigures } from "../gallery/figures.ts";
import { methods } from "../../../shared/methods/registry.ts";
import { networks } from "../gallery/networks.ts";
import { absolute, figurePath, methodPath, topicPath } from "../gallery/paths.ts";
import { topicsOf } from "../gallery/topics.ts";
import { searchEntries } from "../gallery/search_entries.ts";
import { xml } from "../gallery/xml.ts";

/** Every page, as https://www.sitemaps.org/protocol.html wants it. */
export const GET: APIRoute = ({ site }) => {
  const paths = [
    "/",
    "/try/",
    "/methods/",
    "/search/",
    "/embed/",
    ...methods.map(({ id }) => methodPath(id)),
    ...networks().flatMap(({ id }) => topicsOf(id).map((topic) => topicPath(id, topic.id))),
    ...searchEntries().map(({ href }) => href),
    ...allFigures().map(({ id }) => figurePath(id)),
  ];
  const urls = paths.map((path) => `<url><loc>${xml(absolute(path, site))}</loc></url>`).join("\n");
  return new Response(
    `<?xml version="1.0" encoding="UTF-8"?>\n` +
      `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls}\n</urlset>\n`,
  );
};
