// Comparisons of what a source says with what is known here, and their repair.
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { DriftCause } from "contract/stockd/v1/reconciliation_service_pb";
import { reconciliations } from "../api/client";
import { useLanguage } from "../i18n/language";
import { useAction } from "../ui/action";
import { Section } from "../ui/controls";
import { useKnown } from "../ui/frame";
import { FailureNote, Shown, useLoad } from "../ui/load";
import { Table } from "../ui/table";
import { ItemLink, Moment } from "../ui/words";
import { useState } from "preact/hooks";

async function latest(names: readonly string[], signal: AbortSignal) {
  const all = await Promise.all(
    names.map(async (source) => {
      const [last] = (
        await reconciliations.listReconciliations({ source, pageSize: 1 }, { signal })
      ).reconciliations;
      if (last === undefined) return [];
      const { drifts } = await reconciliations.getReconciliation(
        { source, reconciliationId: last.reconciliationId, pageSize: 1000 },
        { signal },
      );
      return drifts.map((drift) => ({ drift, source, last }));
    }),
  );
  return all.flat();
}

export function Drifts(props: { source: string; names: readonly string[]; changed: () => void }) {
  const { t, number, money, lookUp } = useLanguage();
  const known = useKnown();
  const action = useAction();
  const [said, setSaid] = useState("");
  const names = props.source === "" ? props.names : [props.source];
  const drifts = useLoad(`drifts ${names.join()}`, (signal) => latest(names, signal));
  const done = (text: string) => {
    setSaid(text);
    drifts.reload();
    props.changed();
  };
  const compare = (source: string) =>
    void action.run(async () => {
      await reconciliations.startReconciliation({ source });
      done(t("drift.asked", { source }));
    });
  const repair = (source: string, reconciliationId: string, sku: string, location: string) =>
    void action.run(async () => {
      await reconciliations.repairDrift({
        source,
        reconciliationId,
        positions: [{ sku, location }],
      });
      done(t("drift.repaired"));
    });
  return (
    <Section title={t("drift.title")} note={t("drift.note")}>
      <div class="controls no-print">
        {names.map((source) => (
          <button
            key={source}
            type="button"
            class="button"
            disabled={action.isBusy}
            onClick={() => compare(source)}
          >
            {t("drift.compare", { source })}
          </button>
        ))}
      </div>
      <p role="status" class={said === "" ? "said" : "said note note-good"}>
        {said}
      </p>
      {action.failure && <FailureNote failure={action.failure} />}
      <Shown of={drifts} rows={3}>
        {(rows) => (
          <Table
            caption={t("drift.title")}
            captionHidden
            file="drift"
            rows={rows}
            empty={t("drift.none")}
            rowKey={({ drift, source }) =>
              `${source}/${drift.position?.sku}/${drift.position?.location}`
            }
            columns={[
              {
                key: "item",
                title: t("column.item"),
                value: ({ drift }) => drift.position?.sku,
                show: ({ drift }) => (
                  <ItemLink
                    sku={drift.position?.sku ?? ""}
                    place={drift.position?.location ?? ""}
                  />
                ),
              },
              {
                key: "place",
                title: t("column.location"),
                value: ({ drift }) => drift.position?.location,
                show: ({ drift }) => known.locationName(drift.position?.location ?? ""),
              },
              {
                key: "source",
                title: t("column.source"),
                value: ({ source }) => source,
                show: ({ source, last }) => (
                  <>
                    {source}{" "}
                    <span class="quiet">
                      <Moment
                        at={last.asOf === undefined ? undefined : timestampMs(last.asOf)}
                        zone={known.zone}
                      />
                    </span>
                  </>
                ),
              },
              {
                key: "ours",
                title: t("drift.ours"),
                isNumber: true,
                value: ({ drift }) => drift.expected,
                show: ({ drift }) => number(drift.expected),
              },
              {
                key: "theirs",
                title: t("drift.theirs"),
                isNumber: true,
                value: ({ drift }) => drift.stated,
                show: ({ drift }) => number(drift.stated),
              },
              {
                key: "worth",
                title: t("drift.worth"),
                isNumber: true,
                value: ({ drift }) => Number(drift.valueMicros) / 1e6,
                show: ({ drift }) =>
                  drift.currency === ""
                    ? "–"
                    : money(Number(drift.valueMicros) / 1e6, drift.currency),
              },
              {
                key: "cause",
                title: t("drift.cause"),
                value: ({ drift }) => lookUp(`cause.${DriftCause[drift.cause]}`, ""),
                show: ({ drift, source, last }) => (
                  <>
                    {lookUp(`cause.${DriftCause[drift.cause]}`, DriftCause[drift.cause] ?? "")}{" "}
                    {drift.repaired ? (
                      <span class="flag">{t("drift.isRepaired")}</span>
                    ) : (
                      <button
                        type="button"
                        class="link"
                        disabled={action.isBusy}
                        onClick={() =>
                          repair(
                            source,
                            last.reconciliationId,
                            drift.position?.sku ?? "",
                            drift.position?.location ?? "",
                          )
                        }
                      >
                        {t("drift.repair")}
                      </button>
                    )}
                  </>
                ),
              },
            ]}
          />
        )}
      </Shown>
    </Section>
  );
}
