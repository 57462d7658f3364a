// The connected systems: how late they tell, where they differ, what waits for a person.
import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Source } from "contract/stockd/v1/adapter_service_pb";
import { adapters } from "../api/client";
import { useNavigation } from "../base/view";
import { useLanguage } from "../i18n/language";
import { Section } from "../ui/controls";
import { Shown, useLoad } from "../ui/load";
import { healthOf, SourceMark, troublesOf } from "../ui/source_health";
import { Table } from "../ui/table";
import { Gaps, RefusedLevels } from "./sources_gaps";
import { Drifts } from "./sources_drift";
import { WorkList } from "./sources_work";

const REFRESH_MS = 15_000;

function Lead(props: { sources: readonly Source[] }) {
  const { t, list } = useLanguage();
  const bad = props.sources.filter((source) => healthOf(source) === "bad");
  const watch = props.sources.filter((source) => healthOf(source) === "watch");
  return (
    <p class="lead">
      {props.sources.length === 0 ? (
        t("sources.none")
      ) : bad.length > 0 ? (
        <span class="ink-late">
          {t("sources.lead.bad", { names: list(bad.map((one) => one.source)) })}
        </span>
      ) : watch.length > 0 ? (
        t("sources.lead.watch", { count: watch.length })
      ) : (
        t("sources.lead.good")
      )}
    </p>
  );
}

export function Sources() {
  const language = useLanguage();
  const { t, number, duration, relative } = language;
  const { view, change } = useNavigation();
  const sources = useLoad(
    "sources",
    async (signal) => (await adapters.listSources({}, { signal })).sources,
    REFRESH_MS,
  );
  const lag = (micros: bigint) => (micros <= 0n ? "–" : duration(Number(micros) / 3.6e9));
  return (
    <>
      <Shown of={sources} rows={8}>
        {(rows) => (
          <>
            <Lead sources={rows} />
            <Table
              caption={t("page.sources")}
              captionHidden
              file="sources"
              rows={rows}
              empty={t("sources.none")}
              rowKey={(row) => row.source}
              columns={[
                {
                  key: "source",
                  title: t("column.source"),
                  value: (row) => row.source,
                  show: (row) => (
                    <span class="unbroken">
                      <SourceMark source={row} />{" "}
                      <button
                        type="button"
                        class="link"
                        aria-pressed={view.source === row.source}
                        onClick={() =>
                          change(
                            { source: view.source === row.source ? "" : row.source },
                            { replace: true },
                          )
                        }
                      >
                        {row.source}
                      </button>
                    </span>
                  ),
                },
                {
                  key: "health",
                  title: t("column.state"),
                  value: (row) => troublesOf(language, row).join(", "),
                  show: (row) => {
                    const troubles = troublesOf(language, row);
                    return troubles.length === 0 ? t("source.fine") : language.list(troubles);
                  },
                },
                {
                  key: "newest",
                  title: t("sources.newest"),
                  value: (row) =>
                    row.newestFactTime === undefined ? undefined : timestampMs(row.newestFactTime),
                  show: (row) =>
                    row.newestFactTime === undefined
                      ? "–"
                      : relative(timestampMs(row.newestFactTime) - Date.now()),
                },
                {
                  key: "half",
                  title: t("sources.lag"),
                  isNumber: true,
                  value: (row) => row.factLagP50Us,
                  show: (row) => lag(row.factLagP50Us),
                },
                {
                  key: "most",
                  title: t("sources.lag99"),
                  isNumber: true,
                  value: (row) => row.factLagP99Us,
                  show: (row) => lag(row.factLagP99Us),
                },
                {
                  key: "levels",
                  title: t("sources.levels"),
                  isNumber: true,
                  value: (row) => row.levelLag,
                  show: (row) => number(row.levelLag),
                },
                {
                  key: "drift",
                  title: t("sources.drift"),
                  isNumber: true,
                  value: (row) => row.drift,
                  show: (row) =>
                    row.reconcileTime === undefined
                      ? "–"
                      : t("sources.drift.units", {
                          units: number(row.drift),
                          positions: number(row.driftPositions),
                        }),
                },
                {
                  key: "facts",
                  title: t("sources.facts"),
                  isNumber: true,
                  value: (row) => row.factsApplied,
                  show: (row) => number(row.factsApplied),
                },
                {
                  key: "duplicates",
                  title: t("sources.duplicates"),
                  isNumber: true,
                  value: (row) => row.duplicates,
                  show: (row) => number(row.duplicates),
                },
                {
                  key: "echoes",
                  title: t("sources.echoes"),
                  isNumber: true,
                  value: (row) => row.echoes,
                  show: (row) => number(row.echoes),
                },
              ]}
            />
          </>
        )}
      </Shown>
      {view.source !== undefined && (
        <p class="chip">
          {t("column.source")}: <strong>{view.source}</strong>{" "}
          <button type="button" class="link" onClick={() => change({ source: "" })}>
            {t("filter.remove")}
          </button>
        </p>
      )}
      <WorkList source={view.source ?? ""} changed={sources.reload} />
      <Drifts
        source={view.source ?? ""}
        names={(sources.value ?? []).map((source) => source.source)}
        changed={sources.reload}
      />
      <div class="columns">
        <Section title={t("gaps.title")} note={t("gaps.note")}>
          <Gaps source={view.source ?? ""} />
        </Section>
        <Section title={t("refused.title")} note={t("refused.note")}>
          <RefusedLevels source={view.source ?? ""} changed={sources.reload} />
        </Section>
      </div>
    </>
  );
}
