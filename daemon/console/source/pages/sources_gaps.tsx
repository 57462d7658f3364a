// Numbers missing from the sequences of tills, and levels that a source did not take.
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { adapters } from "../api/client";
import { useLanguage } from "../i18n/language";
import { useAction } from "../ui/action";
import { useKnown } from "../ui/frame";
import { FailureNote, Shown, useLoad } from "../ui/load";
import { Table } from "../ui/table";
import { ItemLink } from "../ui/words";

const REFRESH_MS = 30_000;

export function Gaps(props: { source: string }) {
  const { t, number, relative } = useLanguage();
  const devices = useLoad(
    `gaps ${props.source}`,
    async (signal) =>
      (await adapters.listDevices({ source: props.source, incompleteOnly: true }, { signal }))
        .devices,
    REFRESH_MS,
  );
  return (
    <Shown of={devices} rows={3}>
      {(rows) => (
        <Table
          caption={t("gaps.title")}
          captionHidden
          file="gaps"
          rows={rows}
          empty={t("gaps.none")}
          rowKey={(row) => `${row.source}/${row.device}`}
          columns={[
            {
              key: "device",
              title: t("gaps.device"),
              value: (row) => row.device,
              show: (row) => row.device,
            },
            {
              key: "source",
              title: t("column.source"),
              value: (row) => row.source,
              show: (row) => row.source,
            },
            {
              key: "missing",
              title: t("gaps.missing"),
              isNumber: true,
              value: (row) => row.missing,
              show: (row) => number(row.missing),
            },
            {
              key: "numbers",
              title: t("gaps.numbers"),
              value: (row) => row.gaps.map((gap) => `${gap.first}-${gap.last}`).join(" "),
              show: (row) =>
                row.gaps
                  .slice(0, 3)
                  .map((gap) =>
                    gap.first === gap.last ? String(gap.first) : `${gap.first}–${gap.last}`,
                  )
                  .join(", "),
            },
            {
              key: "since",
              title: t("gaps.since"),
              value: (row) =>
                row.gaps[0]?.noticeTime === undefined
                  ? undefined
                  : timestampMs(row.gaps[0].noticeTime),
              show: (row) =>
                row.gaps[0]?.noticeTime === undefined
                  ? "–"
                  : relative(timestampMs(row.gaps[0].noticeTime) - Date.now()),
            },
          ]}
        />
      )}
    </Shown>
  );
}

export function RefusedLevels(props: { source: string; changed: () => void }) {
  const { t, number, relative } = useLanguage();
  const known = useKnown();
  const action = useAction();
  const levels = useLoad(
    `refused ${props.source}`,
    async (signal) =>
      (await adapters.listRefusedLevels({ source: props.source }, { signal })).levels,
    REFRESH_MS,
  );
  const retry = (source: string, sku: string, location: string) =>
    void action.run(async () => {
      await adapters.retryLevels({ source, positions: [{ sku, location }] });
      levels.reload();
      props.changed();
    });
  return (
    <>
      {action.failure && <FailureNote failure={action.failure} />}
      <Shown of={levels} rows={3}>
        {(rows) => (
          <Table
            caption={t("refused.title")}
            captionHidden
            file="refused-levels"
            rows={rows}
            empty={t("refused.none")}
            rowKey={(row) => `${row.source}/${row.position?.sku}/${row.position?.location}`}
            columns={[
              {
                key: "item",
                title: t("column.item"),
                value: (row) => row.position?.sku,
                show: (row) => (
                  <ItemLink sku={row.position?.sku ?? ""} place={row.position?.location ?? ""} />
                ),
              },
              {
                key: "place",
                title: t("column.location"),
                value: (row) => row.position?.location,
                show: (row) => known.locationName(row.position?.location ?? ""),
              },
              {
                key: "why",
                title: t("column.why"),
                value: (row) => row.reason,
                show: (row) => row.reason,
              },
              {
                key: "attempts",
                title: t("refused.attempts"),
                isNumber: true,
                value: (row) => row.attempts,
                show: (row) => number(row.attempts),
              },
              {
                key: "next",
                title: t("refused.next"),
                value: (row) =>
                  row.retryTime === undefined ? "" : String(timestampMs(row.retryTime)),
                show: (row) => (
                  <>
                    {row.retryTime === undefined
                      ? t("refused.givenUp")
                      : relative(timestampMs(row.retryTime) - Date.now())}{" "}
                    <button
                      type="button"
                      class="link"
                      disabled={action.isBusy}
                      onClick={() =>
                        retry(row.source, row.position?.sku ?? "", row.position?.location ?? "")
                      }
                    >
                      {t("refused.retry")}
                    </button>
                  </>
                ),
              },
            ]}
          />
        )}
      </Shown>
    </>
  );
}
