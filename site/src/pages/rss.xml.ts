import type { APIRoute } from "astro";
import { absolute, networkPath } from "../gallery/paths.ts";
import { networks } from "../gallery/networks.ts";
import { xml } from "../gallery/xml.ts";

/** One entry for each network and version of its file: what a reader wants to be told of. */
export const GET: APIRoute = ({ site }) => {
  const items = networks().map(({ id, title, sha256, provenance }) => {
    const link = absolute(networkPath(id), site);
    return `<item><title>${xml(title)}</title><link>${xml(link)}</link>` +
      `<guid isPermaLink="false">${sha256}</guid>` +
      `<description>${xml(provenance)}</description></item>`;
  });
  return new Response(
    `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>` +
      `<title>Convscope</title><link>${xml(absolute("/", site))}</link>` +
      `<description>What convolutional networks have learned</description>\n` +
      `${items.join("\n")}\n</channel></rss>\n`,
  );
};
