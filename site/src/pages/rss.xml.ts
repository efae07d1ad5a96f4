import rss from "@astrojs/rss";
import type { APIRoute } from "astro";
import { networks } from "../gallery/networks.ts";
import { networkPath } from "../gallery/paths.ts";

/** One entry for each network and version of its file: what a reader wants to be told of. */
export const GET: APIRoute = ({ site }) =>
  rss({
    title: "Convscope",
    description: "What convolutional networks have learned",
    site: site!,
    items: networks().map(({ id, title, sha256, provenance }) => ({
      title,
      link: networkPath(id),
      description: provenance,
      // In place of the link, which all versions of a file share.
      customData: `<guid isPermaLink="false">${sha256}</guid>`,
    })),
  });
