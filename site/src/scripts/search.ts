import type { SearchEntry } from "../gallery/search_entries.ts";
import { element } from "./element.ts";

/** Results that are shown. */
const MOST = 48;

const form = element("search", HTMLFormElement);
const query = element("query", HTMLInputElement);
const found = element("found", HTMLElement);
const results = element("results", HTMLUListElement);
const all = element("all", HTMLElement);

const entries: Promise<SearchEntry[]> = fetch("/search.json").then((answer) => answer.json());

form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
query.addEventListener("input", search);
query.value = new URL(location.href).searchParams.get("q") ?? "";
query.focus();
search();

async function search(): Promise<void> {
  const text = query.value.trim().toLowerCase();
  const known = await entries;
  if (query.value.trim().toLowerCase() !== text) return;
  history.replaceState(null, "", text ? `?q=${encodeURIComponent(text)}` : location.pathname);
  all.hidden = text !== "";
  const matches = text === "" ? [] : known
    .map((entry) => ({ entry, rank: rankOf(entry, text) }))
    .filter(({ rank }) => rank !== undefined)
    .sort((a, b) => a.rank! - b.rank!);
  results.replaceChildren(...matches.slice(0, MOST).map(({ entry }) => item(entry)));
  found.textContent = text === ""
    ? ""
    : matches.length === 0
    ? `Nothing is called “${text}”`
    : `${matches.length} found${matches.length > MOST ? `, the first ${MOST} shown` : ""}`;
}

/** What is found by the label of a class that it feeds comes after what has the name itself. */
const BY_CLASS = 4;

/** Lower is better. */
function rankOf({ name, feeds = [] }: SearchEntry, text: string): number | undefined {
  const place = placeIn(name.toLowerCase(), text);
  if (place !== undefined) return place;
  const found = feeds.findIndex((label) => placeIn(label.toLowerCase(), text) !== undefined);
  return found < 0 ? undefined : BY_CLASS + found;
}

/** Lower is better: the whole name, its beginning, the beginning of a word, anywhere. */
function placeIn(name: string, text: string): number | undefined {
  if (name === text) return 0;
  if (name.startsWith(text)) return 1;
  if (name.includes(` ${text}`)) return 2;
  return name.includes(text) ? 3 : undefined;
}

function item({ name, kind, href, image, feeds }: SearchEntry): HTMLLIElement {
  const li = document.createElement("li");
  const link = document.createElement("a");
  link.href = href;
  if (image) {
    const thumbnail = new Image(64, 64);
    thumbnail.src = image;
    thumbnail.alt = "";
    thumbnail.loading = "lazy";
    link.append(thumbnail);
  }
  const label = document.createElement("span");
  label.textContent = name;
  const note = document.createElement("span");
  note.className = "small muted";
  note.textContent = feeds
    ? `${kind}, feeds ${feeds.map((label) => label.split(", ")[0]).join(", ")}`
    : kind;
  link.append(label, note);
  li.append(link);
  return li;
}
