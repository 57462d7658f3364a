// What was found on the shelves, line by line, in the order of the shelves.
import { useId, useState } from "preact/hooks";
import { UnitReason } from "contract/stockd/v1/order_types_pb";
import type { Fulfilment, FulfilmentLine } from "contract/stockd/v1/order_types_pb";
import type { Item } from "contract/stockd/v1/catalogue_service_pb";
import { recordPick } from "../api/moves";
import type { FoundLine } from "../api/moves";
import { useLanguage } from "../i18n/language";
import { unitReasonName } from "../ui/words";
import type { Step } from "./board_work";

export interface Shelves {
  readonly items: ReadonlyMap<string, Item>;
  // Where an item lies, by SKU.
  readonly places: ReadonlyMap<string, string>;
}

interface Found {
  readonly picked: bigint;
  // Why the rest is not there; undefined: somebody still looks for it.
  readonly why: UnitReason | undefined;
}

const REASONS = [UnitReason.NOT_FOUND, UnitReason.DAMAGED, UnitReason.SOLD] as const;

function PickLine(props: {
  line: FulfilmentLine;
  shelves: Shelves;
  found: Found;
  tell: (found: Found) => void;
}) {
  const language = useLanguage();
  const { t, number } = language;
  const count = useId(),
    rest = useId();
  const { line, found } = props;
  const claimed = line.units?.claimed ?? 0n;
  const item = props.shelves.items.get(line.sku);
  const place = props.shelves.places.get(line.sku) ?? "";
  const set = (picked: bigint) => {
    const kept = picked < 0n ? 0n : picked > claimed ? claimed : picked;
    props.tell({
      picked: kept,
      why: kept === claimed ? undefined : (found.why ?? UnitReason.NOT_FOUND),
    });
  };
  return (
    <li class="pick">
      <span class="pick-place">{place === "" ? "–" : place}</span>
      <span class="pick-item">
        <strong>{item?.name || line.sku}</strong> <span class="quiet code">{line.sku}</span>
      </span>
      <span class="pick-count">
        <button
          type="button"
          class="button step"
          aria-label={t("board.fewer", { item: item?.name || line.sku })}
          onClick={() => set(found.picked - 1n)}
          disabled={found.picked === 0n}
        >
          −
        </button>
        <label class="only-heard" for={count}>
          {t("board.found", { item: item?.name || line.sku })}
        </label>
        <input
          id={count}
          type="number"
          inputMode="numeric"
          min="0"
          max={String(claimed)}
          value={String(found.picked)}
          onInput={(event) => {
            if (/^\d{1,9}$/.test(event.currentTarget.value)) set(BigInt(event.currentTarget.value));
          }}
        />
        <button
          type="button"
          class="button step"
          aria-label={t("board.moreOf", { item: item?.name || line.sku })}
          onClick={() => set(found.picked + 1n)}
          disabled={found.picked === claimed}
        >
          +
        </button>
        <span class="quiet">{t("board.of", { wanted: number(claimed) })}</span>
      </span>
      {found.picked < claimed && (
        <span class="control">
          <label for={rest}>{t("board.rest")}</label>
          <select
            id={rest}
            value={String(found.why ?? "")}
            onChange={(event) =>
              props.tell({
                picked: found.picked,
                why:
                  event.currentTarget.value === ""
                    ? undefined
                    : (Number(event.currentTarget.value) as UnitReason),
              })
            }
          >
            {REASONS.map((reason) => (
              <option key={reason} value={String(reason)}>
                {unitReasonName(language, reason)}
              </option>
            ))}
            <option value="">{t("board.later")}</option>
          </select>
        </span>
      )}
    </li>
  );
}

export function PickForm(props: { fulfilment: Fulfilment; shelves: Shelves; step: Step }) {
  const { t, compare } = useLanguage();
  const { fulfilment, shelves, step } = props;
  const lines = fulfilment.lines
    .filter((line) => (line.units?.claimed ?? 0n) > 0n)
    .sort((a, b) =>
      compare(shelves.places.get(a.sku) ?? "\uffff", shelves.places.get(b.sku) ?? "\uffff"),
    );
  const [told, setTold] = useState<Readonly<Record<string, Found>>>({});
  const foundOf = (line: FulfilmentLine): Found =>
    told[line.lineId] ?? { picked: line.units?.claimed ?? 0n, why: undefined };
  const record = () => {
    const found: FoundLine[] = lines
      .map((line) => {
        const { picked, why } = foundOf(line);
        const missing = why === undefined ? 0n : (line.units?.claimed ?? 0n) - picked;
        return { lineId: line.lineId, picked, missing, reason: why ?? UnitReason.UNSPECIFIED };
      })
      .filter((line) => line.picked > 0n || line.missing > 0n);
    step.take(t("board.done.recorded"), async () => (await recordPick(step.target, found)).order);
  };
  const nothing = lines.every(
    (line) => foundOf(line).picked === 0n && foundOf(line).why === undefined,
  );
  return (
    <form
      class="work-form"
      onSubmit={(event) => {
        event.preventDefault();
        record();
      }}
    >
      <h3>{t("board.pick")}</h3>
      <ul class="picks">
        {lines.map((line) => (
          <PickLine
            key={line.lineId}
            line={line}
            shelves={shelves}
            found={foundOf(line)}
            tell={(found) => setTold({ ...told, [line.lineId]: found })}
          />
        ))}
      </ul>
      <button type="submit" class="button button-main" disabled={step.action.isBusy || nothing}>
        {t("board.record")}
      </button>
    </form>
  );
}
