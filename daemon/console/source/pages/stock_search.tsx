// Finds an item by name, SKU or barcode, as one types.
import { useEffect, useId, useState } from "preact/hooks";
import { findItems } from "../api/catalogue";
import { useNavigation } from "../base/view";
import { useLanguage } from "../i18n/language";
import { Shown, useLoad } from "../ui/load";
import { ItemLink } from "../ui/words";

const SETTLE_MS = 180;
const LIMIT = 20;

export function ItemSearch() {
  const { t, number } = useLanguage();
  const { view, change } = useNavigation();
  const field = useId(),
    list = useId();
  const [query, setQuery] = useState(view.find ?? "");
  const asked = view.find ?? "";
  useEffect(() => {
    const timer = setTimeout(() => change({ find: query.trim() }, { replace: true }), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [query]);
  const found = useLoad(`find ${asked}`, async () => (asked === "" ? [] : findItems(asked, LIMIT)));
  return (
    <div class="search" role="search">
      <label for={field}>{t("stock.find")}</label>
      <input
        id={field}
        type="search"
        value={query}
        autocomplete="off"
        spellcheck={false}
        aria-controls={list}
        placeholder={t("stock.find.hint")}
        onInput={(event) => setQuery(event.currentTarget.value)}
      />
      <div id={list}>
        {asked !== "" && (
          <Shown of={found} rows={2}>
            {(items) => (
              <>
                <p class="only-heard" role="status">
                  {t("stock.found", { count: items.length })}
                </p>
                {items.length === 0 ? (
                  <p class="empty">{t("stock.find.none", { query: asked })}</p>
                ) : (
                  <ul class="found">
                    {items.map((item) => (
                      <li key={item.sku}>
                        <ItemLink sku={item.sku} name={item.name} />{" "}
                        <span class="quiet code">{item.sku}</span>{" "}
                        <span class="quiet">{item.category}</span>
                      </li>
                    ))}
                  </ul>
                )}
                {items.length === LIMIT && (
                  <p class="quiet">{t("stock.find.more", { limit: number(LIMIT) })}</p>
                )}
              </>
            )}
          </Shown>
        )}
      </div>
    </div>
  );
}
