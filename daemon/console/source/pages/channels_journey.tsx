// Every figure once, in the five stages of a customer's journey.
import { JourneyPhase } from "contract/stockd/v1/report_service_pb";
import { askable, askBoth, Change } from "../figures/tiles";
import { mainCurrency } from "../figures/question";
import type { Asked } from "../figures/question";
import { useNavigation } from "../base/view";
import { useLanguage } from "../i18n/language";
import { Section } from "../ui/controls";
import { useKnown } from "../ui/frame";
import { Shown, useLoad } from "../ui/load";
import { Table } from "../ui/table";

const PHASES = [
  JourneyPhase.AWARENESS,
  JourneyPhase.CONSIDERATION,
  JourneyPhase.DECISION,
  JourneyPhase.SERVICE,
  JourneyPhase.LOYALTY,
];
// Figures of one question.
const PIECE = 25;

export function Journey(props: { asked: Asked }) {
  const { t, lookUp } = useLanguage();
  const { view } = useNavigation();
  const known = useKnown();
  const { asked } = props;
  const figures = askable(
    [...known.figures.byKey.keys()],
    asked,
    (key) => known.figures.byKey.get(key)?.dimensions ?? [],
  );
  const answer = useLoad(`journey ${asked.key}`, async (signal) => {
    const pieces = Array.from({ length: Math.ceil(figures.length / PIECE) }, (_, piece) =>
      figures.slice(piece * PIECE, (piece + 1) * PIECE),
    );
    const pairs = [];
    for (const piece of pieces) pairs.push(await askBoth(piece, asked, signal));
    return { now: pairs.flatMap((pair) => pair.now), before: pairs.flatMap((pair) => pair.before) };
  });
  return (
    <Section title={t("journey.title")} note={t("journey.note")}>
      <Shown of={answer} rows={10}>
        {({ now, before }) => {
          const rows = PHASES.flatMap((phase) =>
            figures
              .filter((key) => known.figures.byKey.get(key)?.phase === phase)
              .map((key) => {
                const mine = now.filter((row) => row.figure === key);
                const currency = mainCurrency(mine, view.currency);
                const row = mine.find((one) => one.currency === currency);
                const then = before.find((one) => one.figure === key && one.currency === currency);
                return { key, phase: t(`phase.${JourneyPhase[phase] as "AWARENESS"}`), row, then };
              }),
          );
          return (
            <Table
              caption={t("journey.title")}
              captionHidden
              file="figures"
              rows={rows}
              empty={t("figures.off")}
              rowKey={(row) => row.key}
              rowsShown={24}
              columns={[
                {
                  key: "figure",
                  title: t("column.figure"),
                  value: (row) => known.figureName(row.key),
                  show: (row) => known.figureName(row.key),
                },
                {
                  key: "phase",
                  title: t("journey.phase"),
                  value: (row) => row.phase,
                  show: (row) => <span class="flag">{row.phase}</span>,
                },
                {
                  key: "value",
                  title: t("column.value"),
                  isNumber: true,
                  value: (row) => row.row?.value,
                  show: (row) =>
                    row.row?.value === undefined ? (
                      <span class="quiet">
                        {row.row !== undefined && row.row.missing.length > 0
                          ? t("tile.missing", {
                              facts: row.row.missing
                                .map((name) => lookUp(`fact.${name}`, name))
                                .join(", "),
                            })
                          : "–"}
                      </span>
                    ) : (
                      known.show(row.key, row.row.value, row.row.currency)
                    ),
                },
                {
                  key: "before",
                  title: t("trend.before"),
                  isNumber: true,
                  value: (row) => row.then?.value,
                  show: (row) =>
                    row.then?.value === undefined
                      ? "–"
                      : known.show(row.key, row.then.value, row.then.currency),
                },
                {
                  key: "change",
                  title: t("journey.change"),
                  isNumber: true,
                  value: (row) =>
                    row.row?.value === undefined || row.then?.value === undefined
                      ? undefined
                      : row.row.value - row.then.value,
                  show: (row) =>
                    row.row?.value === undefined || row.then?.value === undefined ? (
                      "–"
                    ) : (
                      <Change figure={row.key} now={row.row} before={row.then} />
                    ),
                },
              ]}
            />
          );
        }}
      </Shown>
    </Section>
  );
}
