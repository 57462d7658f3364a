// One figure in full: by a dimension, over time, how it is spread, and what it means.
import type { ComponentChildren } from "preact";
import type { Dimension } from "../api/reports";
import { useLanguage } from "../i18n/language";
import { Section, Segments } from "../ui/controls";
import { useKnown } from "../ui/frame";
import { Breakdown } from "./breakdown";
import { Definition } from "./definition";
import { Histogram } from "./histogram";
import type { Asked } from "./question";
import { Trend } from "./trend";

export function FigurePanel(props: {
  figure: string;
  by: Dimension | undefined;
  dimensions: readonly Dimension[];
  asked: Asked;
  choose: (dimension: string) => void;
  // The bar that somebody went down from, and how to go down.
  current?: string;
  open?: (value: string) => void;
  children?: ComponentChildren;
}) {
  const { t } = useLanguage();
  const known = useKnown();
  const { figure, by, dimensions, asked, open, current } = props;
  const hasTimes = known.figures.byKey.get(figure)?.hasPercentiles === true;
  return (
    <Section title={known.figureName(figure)} note={known.orderNote(figure)}>
      {dimensions.length > 0 && (
        <Segments
          label={t("by")}
          value={by ?? ""}
          choose={props.choose}
          choices={dimensions.map((dimension) => ({
            value: dimension,
            name: t(`by.${dimension}`),
          }))}
        />
      )}
      <div class="columns">
        {by !== undefined && (
          <Breakdown
            figure={figure}
            by={by}
            asked={asked}
            {...(current === undefined ? {} : { current })}
            {...(open === undefined ? {} : { open })}
          />
        )}
        <Trend figure={figure} asked={asked} />
      </div>
      {hasTimes && <Histogram figure={figure} asked={asked} />}
      <Definition figure={figure} asked={asked} />
      {props.children}
    </Section>
  );
}
