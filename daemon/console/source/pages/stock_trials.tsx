// Policy experiments: what is tried where, and whether it makes a difference.
import { compare, listTrials } from "../api/experiments";
import type { Comparison, Trial } from "../api/experiments";
import { useNavigation } from "../base/view";
import { useLanguage } from "../i18n/language";
import { Section, Select } from "../ui/controls";
import { useKnown } from "../ui/frame";
import { Shown, useLoad } from "../ui/load";
import { Table } from "../ui/table";

// Known of locations and of positions first.
const FIGURES = ["stock_out_rate", "units_sold", "no_show_rate", "pickup_dwell", "on_hand_average"];

interface Judged {
  readonly trial: Trial;
  readonly found: Comparison | undefined;
}

export function Trials() {
  const { t, date, number } = useLanguage();
  const { view, change } = useNavigation();
  const known = useKnown();
  const figures = known.known(FIGURES);
  const figure = figures.find((key) => key === view.trial) ?? figures[0] ?? "";
  const answer = useLoad(`trials ${figure}`, async (signal): Promise<Judged[]> => {
    const trials = await listTrials(signal);
    if (figure === "") return trials.map((trial) => ({ trial, found: undefined }));
    return Promise.all(
      trials.map(async (trial) => ({ trial, found: await compare(trial, figure, signal) })),
    );
  });
  const show = (value: number) => known.show(figure, value);
  const verdict = ({ found }: Judged): string => {
    if (found?.intervalLow === undefined || found.intervalHigh === undefined) {
      return t("trial.tooFew");
    }
    const { intervalLow: low, intervalHigh: high } = found;
    return low > 0 || high < 0 ? t("trial.differs") : t("trial.chance");
  };
  const arm = (found: Comparison | undefined, name: "a" | "b") => {
    const side = found?.[name];
    if (side === undefined || side.observations === 0) return "–";
    return t("trial.mean", { mean: show(side.mean), count: side.observations });
  };
  return (
    <Section title={t("trial.title")} note={t("trial.note")}>
      <Shown of={answer} rows={3}>
        {(rows) => (
          <>
            {rows.length > 0 && figures.length > 0 && (
              <Select
                label={t("trial.figure")}
                value={figure}
                choose={(key) => change({ trial: key }, { replace: true })}
                choices={figures.map((key) => ({ value: key, name: known.figureName(key) }))}
              />
            )}
            <Table
              caption={t("trial.title")}
              captionHidden
              file="experiments"
              rows={rows}
              empty={t("trial.none")}
              rowKey={(row) => row.trial.id}
              columns={[
                {
                  key: "id",
                  title: t("trial.id"),
                  value: (row) => row.trial.id,
                  show: (row) => (
                    <>
                      {row.trial.id}
                      <br />
                      <span class="quiet">
                        {t(`trial.policy.${row.trial.policy}`, {
                          a: number(row.trial.a),
                          b: number(row.trial.b),
                        })}
                      </span>
                    </>
                  ),
                },
                {
                  key: "where",
                  title: t("by.group"),
                  value: (row) => row.trial.group,
                  show: (row) => known.name("group", row.trial.group),
                },
                {
                  key: "since",
                  title: t("trial.since"),
                  value: (row) => row.trial.begin,
                  show: (row) =>
                    row.trial.end === undefined
                      ? t("trial.runs", { begin: date(row.trial.begin, known.zone) })
                      : `${date(row.trial.begin, known.zone)} – ${date(row.trial.end, known.zone)}`,
                },
                {
                  key: "a",
                  title: t("trial.a"),
                  isNumber: true,
                  value: (row) => row.found?.a?.mean,
                  show: (row) => arm(row.found, "a"),
                },
                {
                  key: "b",
                  title: t("trial.b"),
                  isNumber: true,
                  value: (row) => row.found?.b?.mean,
                  show: (row) => arm(row.found, "b"),
                },
                {
                  key: "verdict",
                  title: t("trial.verdict"),
                  value: verdict,
                  show: (row) => (
                    <>
                      {verdict(row)}
                      {row.found?.intervalLow !== undefined &&
                        row.found.intervalHigh !== undefined && (
                          <>
                            <br />
                            <span class="quiet">
                              {t("trial.interval", {
                                low: show(row.found.intervalLow),
                                high: show(row.found.intervalHigh),
                              })}
                            </span>
                          </>
                        )}
                    </>
                  ),
                },
              ]}
            />
          </>
        )}
      </Shown>
    </Section>
  );
}
