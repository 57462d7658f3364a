// Today: what needs somebody now. Follows orders live.
import { useEffect, useRef, useState } from "preact/hooks";
import { listOrders, watchOrders } from "../api/orders";
import { isClosed, partsOf, urgencyOf } from "../base/orders";
import type { Part } from "../base/orders";
import { useNavigation } from "../base/view";
import { useLanguage } from "../i18n/language";
import { Select } from "../ui/controls";
import { useKnown } from "../ui/frame";
import { Shown, useLoad, useNow } from "../ui/load";
import { OrdersAtRisk, Stations } from "./today_orders";
import { SourcesInShort } from "./today_sources";
import { OrdersOfTheDay, StockOuts } from "./today_trade";

const REFRESH_MS = 30_000;
const SETTLE_MS = 800;

// Reloads when something happens to orders, a little later, so that a burst costs one call.
function useLiveReload(store: string, reload: () => void): boolean {
  const [isLive, setLive] = useState(false);
  const latest = useRef(reload);
  latest.current = reload;
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const happened = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        if (!document.hidden) latest.current();
      }, SETTLE_MS);
    };
    void watchOrders(store === "" ? [] : [store], happened, setLive, stop.signal);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [store]);
  return isLive;
}

function Lead(props: { parts: readonly Part[]; now: number }) {
  const { t } = useLanguage();
  const of = (urgency: string) =>
    props.parts.filter((part) => urgencyOf(part.fulfilment, props.now) === urgency).length;
  const late = of("late"),
    risk = of("risk");
  return (
    <p class="lead">
      {props.parts.length === 0 ? (
        t("today.lead.nothing")
      ) : late > 0 ? (
        <>
          <span class="ink-late">{t("today.lead.late", { count: late })}</span>{" "}
          {t("today.lead.risk", { count: risk })}
        </>
      ) : risk > 0 ? (
        <>
          <span class="ink-risk">{t("today.lead.onlyRisk", { count: risk })}</span>
        </>
      ) : (
        t("today.lead.calm")
      )}
    </p>
  );
}

export function Today() {
  const { t } = useLanguage();
  const { view, change } = useNavigation();
  const known = useKnown();
  const now = useNow();
  const store = view.store ?? "";
  const open = useLoad(
    `open ${store}`,
    (signal) => listOrders({ location: store, openOnly: true }, signal),
    REFRESH_MS,
  );
  const isLive = useLiveReload(store, open.reload);
  const parts = partsOf(open.value?.orders ?? []).filter(
    (part) => !isClosed(part.fulfilment.state),
  );
  return (
    <>
      <div class="controls no-print">
        <Select
          label={t("location")}
          value={store}
          choices={known.choices("location", t("all.location"))}
          choose={(value) => change({ store: value }, { replace: true })}
        />
        <p class={isLive ? "live is-live" : "live"} role="status">
          {isLive ? t("live") : t("live.not")}
        </p>
      </div>
      <Shown of={open} rows={6}>
        {(list) => (
          <>
            <Lead parts={parts} now={now} />
            {list.truncated && (
              <p class="note note-risk">{t("orders.truncated", { count: list.orders.length })}</p>
            )}
            <Stations parts={parts} now={now} />
            <OrdersAtRisk parts={parts} now={now} />
          </>
        )}
      </Shown>
      <div class="columns">
        <StockOuts store={store} />
        <SourcesInShort />
      </div>
      <OrdersOfTheDay store={store} />
    </>
  );
}
