import type { APIRoute } from "astro";
import { searchEntries } from "../gallery/search_entries.ts";

/** Everything that the search page finds. */
export const GET: APIRoute = () => new Response(JSON.stringify(searchEntries()));
