// What people choose with.
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { PERIODS } from "../base/period";
import type { Period } from "../base/period";
import { textOf } from "../base/zoned_time";
import { useLanguage } from "../i18n/language";

export interface Choice {
  readonly value: string;
  readonly name: string;
}

export function Select(props: {
  label: string;
  value: string;
  choices: readonly Choice[];
  choose: (value: string) => void;
}) {
  const id = useId();
  return (
    <span class="control">
      <label for={id}>{props.label}</label>
      <select
        id={id}
        value={props.value}
        onChange={(event) => props.choose(event.currentTarget.value)}
      >
        {props.choices.map((choice) => (
          <option key={choice.value} value={choice.value} selected={choice.value === props.value}>
            {choice.name}
          </option>
        ))}
      </select>
    </span>
  );
}

// One of a few, all visible.
export function Segments(props: {
  label: string;
  value: string;
  choices: readonly Choice[];
  choose: (value: string) => void;
}) {
  const name = useId();
  return (
    <fieldset class="segments">
      <legend class="only-heard">{props.label}</legend>
      {props.choices.map((choice) => (
        <label key={choice.value}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === props.value}
            onChange={() => props.choose(choice.value)}
          />
          <span>{choice.name}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function PeriodPicker(props: { period: Period; choose: (text: string) => void }) {
  const { t } = useLanguage();
  const first = useId(),
    last = useId();
  const { period } = props;
  const days = period.name === "days";
  const chooseDays = (from: string, until: string) => {
    if (from !== "" && until !== "") props.choose(`${from}..${until}`);
  };
  return (
    <>
      <Select
        label={t("period")}
        value={period.name}
        choices={[
          ...PERIODS.map((name) => ({ value: name, name: t(`period.${name}`) })),
          { value: "days", name: t("period.days") },
        ]}
        choose={(name) =>
          name === "days"
            ? chooseDays(textOf(period.first), textOf(period.last))
            : props.choose(name)
        }
      />
      {days && (
        <>
          <span class="control">
            <label for={first}>{t("period.first")}</label>
            <input
              id={first}
              type="date"
              value={textOf(period.first)}
              onChange={(event) => chooseDays(event.currentTarget.value, textOf(period.last))}
            />
          </span>
          <span class="control">
            <label for={last}>{t("period.last")}</label>
            <input
              id={last}
              type="date"
              value={textOf(period.last)}
              onChange={(event) => chooseDays(textOf(period.first), event.currentTarget.value)}
            />
          </span>
        </>
      )}
    </>
  );
}

export function Section(props: {
  title: string;
  note?: ComponentChildren;
  children: ComponentChildren;
  id?: string;
  class?: string;
}) {
  const own = useId();
  const id = props.id ?? own;
  return (
    <section class={`section ${props.class ?? ""}`} aria-labelledby={id}>
      <header class="section-head">
        <h2 id={id} tabIndex={-1}>
          {props.title}
        </h2>
        {props.note && <p class="quiet">{props.note}</p>}
      </header>
      {props.children}
    </section>
  );
}
