// What can be done about units that were not there.
import type { Fulfilment } from "contract/stockd/v1/order_types_pb";
import type { ShortOptions } from "contract/stockd/v1/order_picking_pb";
import { cancelUnits, sendFromElsewhere, substitute, undoPick } from "../api/moves";
import { useLanguage } from "../i18n/language";
import { useKnown } from "../ui/frame";
import type { Shelves } from "./board_pick";
import type { Step } from "./board_work";

export function ShortForm(props: {
  fulfilment: Fulfilment;
  shelves: Shelves;
  options: readonly ShortOptions[];
  step: Step;
}) {
  const { t, number, money, list } = useLanguage();
  const known = useKnown();
  const { step } = props;
  const { target } = step;
  const isBusy = step.action.isBusy;
  const missing = props.fulfilment.lines.filter((line) => (line.units?.missing ?? 0n) > 0n);
  return (
    <section class="work-form">
      <h3>{t("board.short")}</h3>
      {missing.map((line) => {
        const units = line.units!.missing;
        const options = props.options.find((one) => one.lineId === line.lineId);
        const stores = (options?.stores ?? [])
          .filter((store) => store.possible)
          .map((store) => known.locationName(store.location));
        return (
          <div key={line.lineId} class="short">
            <p>
              <strong>
                {number(units)} × {props.shelves.items.get(line.sku)?.name || line.sku}
              </strong>
            </p>
            {options?.substitutes.slice(0, 3).map((by) => (
              <button
                key={by.sku}
                type="button"
                class="button"
                disabled={isBusy || by.available < units}
                onClick={() =>
                  step.take(t("board.done.substituted"), () =>
                    substitute(target, line.lineId, units, by),
                  )
                }
              >
                {t("board.substitute", {
                  item: by.name || by.sku,
                  price:
                    by.currency === "" ? "–" : money(Number(by.priceMicros) / 1e6, by.currency),
                })}
              </button>
            ))}
            {options?.canShip === true && (
              <button
                type="button"
                class="button"
                disabled={isBusy}
                onClick={() =>
                  step.take(t("board.done.sent"), () =>
                    sendFromElsewhere(target, line.lineId, units),
                  )
                }
              >
                {t("board.send", { places: list(options.shipLocations.map(known.locationName)) })}
              </button>
            )}
            <button
              type="button"
              class="button"
              disabled={isBusy}
              onClick={() =>
                step.take(t("board.done.found"), () => undoPick(target, line.lineId, 0n, units))
              }
            >
              {t("board.foundAfterAll")}
            </button>
            <button
              type="button"
              class="button button-danger"
              disabled={isBusy}
              onClick={() =>
                step.take(t("board.done.cancelled"), () => cancelUnits(target, line.lineId, units))
              }
            >
              {t("board.cancel")}
            </button>
            {stores.length > 0 && (
              <p class="quiet">{t("board.stores", { places: list(stores) })}</p>
            )}
          </div>
        );
      })}
    </section>
  );
}
