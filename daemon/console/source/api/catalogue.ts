// Names: places, channels, groups and items.
import type { Channel, Group, Item, Location } from "contract/stockd/v1/catalogue_service_pb";
import { matches, spellings } from "../base/search_text";
import { catalogue } from "./client";

const PAGE = 1000;
// So many items are searched here, in every spelling; of a larger catalogue the daemon is asked.
const ITEMS_HERE = 5000;

export interface Names {
  readonly locations: readonly Location[];
  readonly channels: readonly Channel[];
  readonly groups: readonly Group[];
}

export async function listNames(): Promise<Names> {
  const locations: Location[] = [];
  let pageToken = "";
  do {
    const page = await catalogue.listLocations({ pageSize: PAGE, pageToken });
    locations.push(...page.locations);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  const [channels, groups] = await Promise.all([
    catalogue.listChannels({}),
    catalogue.listGroups({}),
  ]);
  return { locations, channels: channels.channels, groups: groups.groups };
}

let itemsHere: Promise<readonly Item[] | undefined> | undefined;

async function allItems(): Promise<readonly Item[] | undefined> {
  const items: Item[] = [];
  let pageToken = "";
  do {
    const page = await catalogue.listItems({ pageSize: PAGE, pageToken });
    items.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== "" && items.length < ITEMS_HERE);
  return pageToken === "" ? items : undefined;
}

// Items whose SKU, name or barcode has the words of the query, best first.
export async function findItems(query: string, limit: number): Promise<Item[]> {
  itemsHere ??= allItems().catch(() => undefined);
  const here = await itemsHere;
  if (here === undefined) itemsHere = undefined;
  const candidates =
    here ??
    (
      await Promise.all(
        spellings(query).map((contains) => catalogue.listItems({ contains, pageSize: limit })),
      )
    ).flatMap((page) => page.items);
  const found = new Map<string, Item>();
  for (const item of candidates) {
    if (found.size === limit) break;
    if (here === undefined || matches(query, item.sku, item.name, ...item.gtins)) {
      found.set(item.sku, item);
    }
  }
  return [...found.values()];
}

const itemNames = new Map<string, Promise<Item | undefined>>();

// Gets items by SKU, each once; unknown ones are left out.
export async function getItems(skus: readonly string[]): Promise<ReadonlyMap<string, Item>> {
  const wanted = [...new Set(skus)].filter((sku) => sku !== "");
  const fresh = wanted.filter((sku) => !itemNames.has(sku)).slice(0, PAGE);
  if (fresh.length > 0) {
    const asked = catalogue.batchGetItems({ skus: fresh });
    for (const sku of fresh) {
      itemNames.set(
        sku,
        asked.then(
          (answer) => answer.items.find((item) => item.sku === sku),
          () => {
            itemNames.delete(sku);
            return undefined;
          },
        ),
      );
    }
  }
  const items = new Map<string, Item>();
  for (const sku of wanted) {
    const item = await itemNames.get(sku);
    if (item !== undefined) items.set(sku, item);
  }
  return items;
}
