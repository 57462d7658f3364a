// The terms of one figure, written as the sum that it is, with the claims and the journal behind it.
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { availability } from "../api/client";
import { useLanguage } from "../i18n/language";
import { useKnown } from "../ui/frame";
import { Shown, useLoad } from "../ui/load";
import { Table } from "../ui/table";
import { Moment, OrderLink } from "../ui/words";

const ENTRIES = 50;

export function Explanation(props: { sku: string; place: string }) {
  const { t, number, lookUp } = useLanguage();
  const known = useKnown();
  const { sku, place } = props;
  const zone = known.location(place)?.timeZone || known.zone;
  const answer = useLoad(
    `explain ${sku} ${place}`,
    (signal) =>
      availability.explainAvailability(
        { position: { sku, location: place }, entriesMax: ENTRIES },
        { signal },
      ),
    20_000,
  );
  const instant = (time: { seconds: bigint; nanos: number } | undefined) =>
    time === undefined ? undefined : Number(time.seconds) * 1000 + Math.floor(time.nanos / 1e6);
  return (
    <section
      class="explained"
      aria-label={t("explain.title", { place: known.locationName(place) })}
    >
      <h3>{t("explain.title", { place: known.locationName(place) })}</h3>
      <Shown of={answer} rows={8}>
        {(told) => {
          const units = told.availability?.quantities;
          const terms: readonly (readonly [string, bigint, string])[] = [
            ...(told.latestCount === undefined
              ? []
              : [[t("explain.count"), told.latestCount.quantity, ""] as const]),
            [t("explain.moved"), told.movedSinceCount, "+"],
            [t("term.onHand"), units?.onHand ?? 0n, "="],
            [t("term.reserved"), units?.reserved ?? 0n, "−"],
            [t("term.committed"), units?.committed ?? 0n, "−"],
            [t("term.safetyStock"), units?.safetyStock ?? 0n, "−"],
            [t("term.buffer"), told.availability?.buffer ?? 0n, "−"],
            [t("term.available"), told.availability?.available ?? 0n, "="],
          ];
          return (
            <>
              <dl class="sum">
                {terms.map(([name, value, sign]) => (
                  <div key={name} class={sign === "=" ? "sum-total" : ""}>
                    <dt>
                      <span aria-hidden="true">{sign}</span> {name}
                    </dt>
                    <dd>{number(value)}</dd>
                  </div>
                ))}
              </dl>
              {told.latestCount?.occurredAt !== undefined && (
                <p class="quiet">
                  {t("explain.counted")}{" "}
                  <Moment at={timestampMs(told.latestCount.occurredAt)} zone={zone} /> ·{" "}
                  {told.latestCount.source}
                </p>
              )}
              {told.claims.length > 0 && (
                <Table
                  caption={t("explain.claims")}
                  file={`claims-${sku}-${place}`}
                  rows={told.claims}
                  empty=""
                  rowKey={(claim) => claim.reservationId}
                  columns={[
                    {
                      key: "claim",
                      title: t("explain.claim"),
                      value: (claim) => claim.orderId || claim.reservationId,
                      show: (claim) =>
                        claim.orderId === "" ? (
                          <span class="code">{claim.reservationId}</span>
                        ) : (
                          <OrderLink id={claim.orderId} />
                        ),
                    },
                    {
                      key: "units",
                      title: t("column.units"),
                      isNumber: true,
                      value: (claim) => claim.held + claim.committed,
                      show: (claim) => number(claim.held + claim.committed),
                    },
                    {
                      key: "until",
                      title: t("explain.until"),
                      value: (claim) => String(instant(claim.expireTime) ?? ""),
                      show: (claim) => <Moment at={instant(claim.expireTime)} zone={zone} />,
                    },
                  ]}
                />
              )}
              <Table
                caption={t("explain.journal")}
                file={`journal-${sku}-${place}`}
                rows={told.entries}
                empty={t("explain.none")}
                rowKey={(entry) => String(entry.sequence)}
                columns={[
                  {
                    key: "when",
                    title: t("column.when"),
                    value: (entry) => String(instant(entry.occurredAt) ?? ""),
                    show: (entry) => <Moment at={instant(entry.occurredAt)} zone={zone} />,
                  },
                  {
                    key: "kind",
                    title: t("column.what"),
                    value: (entry) => entry.kind,
                    show: (entry) => lookUp(`entry.${entry.kind}`, entry.kind),
                  },
                  {
                    key: "units",
                    title: t("column.units"),
                    isNumber: true,
                    value: (entry) => entry.quantity,
                    show: (entry) => number(entry.quantity),
                  },
                  {
                    key: "source",
                    title: t("column.source"),
                    value: (entry) => entry.source,
                    show: (entry) => entry.source,
                  },
                  {
                    key: "reference",
                    title: t("column.reference"),
                    value: (entry) => entry.reference || entry.cause,
                    show: (entry) => <span class="code">{entry.reference || entry.cause}</span>,
                  },
                ]}
              />
            </>
          );
        }}
      </Shown>
    </section>
  );
}
