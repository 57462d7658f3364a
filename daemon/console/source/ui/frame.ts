// What all pages know: the definitions of figures, the names of places and channels, the language.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Figure } from "contract/stockd/v1/report_service_pb";
import type { Location } from "contract/stockd/v1/catalogue_service_pb";
import type { Names } from "../api/catalogue";
import type { Dimension, Figures } from "../api/reports";
import { isRanked } from "../base/figures";
import { useLanguage } from "../i18n/language";
import type { Language } from "../i18n/language";
import type { Choice } from "./controls";

export interface Frame {
  readonly figures: Figures;
  readonly names: Names;
}

export const FrameContext = createContext<Frame>(undefined as never);

export interface Known extends Frame {
  readonly zone: string;
  has(figure: string): boolean;
  // Those of the list that this daemon knows.
  known(figures: readonly string[]): string[];
  figureName(key: string): string;
  // In which order its breakdown is.
  orderNote(figure: string): string;
  // A value of the figure with its unit.
  show(figure: string, value: number, currency?: string): string;
  location(code: string): Location | undefined;
  locationName(code: string): string;
  // The name of a value of a dimension.
  name(dimension: Dimension, value: string): string;
  choices(dimension: "location" | "channel" | "group", all: string): Choice[];
}

function nameOf(figure: Figure, language: Language): string {
  const names = { en: figure.name, tr: figure.nameTurkish, pl: figure.namePolish };
  return names[language.code] || figure.name;
}

export function showValue(
  language: Language,
  unit: string,
  value: number,
  currency: string,
): string {
  const { t } = language;
  switch (unit) {
    case "%":
      return language.percent(value);
    case "hours":
      return language.duration(value);
    case "minutes":
      return language.duration(value / 60);
    case "days":
      return language.duration(value * 24);
    case "money":
    case "money/order":
      return language.money(value, currency);
    case "turns/year":
      return t("unit.turns", { number: language.number(value, 1) });
    case "points":
      return t("unit.points", { number: language.number(value, 0) });
    case "ratio":
    case "units/order":
      return language.number(value, 2);
    default:
      return language.number(value, Number.isInteger(value) ? 0 : 1);
  }
}

export function useKnown(): Known {
  const frame = useContext(FrameContext);
  const language = useLanguage();
  const { figures, names } = frame;
  const location = (code: string) => names.locations.find((one) => one.code === code);
  const locationName = (code: string) => {
    const name = location(code)?.name ?? "";
    return name === "" ? code : name;
  };
  const channelName = (id: string) => {
    const name = names.channels.find((one) => one.channelId === id)?.name ?? "";
    return name === "" ? id : name;
  };
  const groupName = (id: string) => {
    const name = names.groups.find((one) => one.groupId === id)?.name ?? "";
    return name === "" ? id : name;
  };
  const sorted = (choices: Choice[], all: string) => [
    { value: "", name: all },
    ...choices.sort((a, b) => language.compare(a.name, b.name)),
  ];
  return {
    ...frame,
    zone: figures.zone,
    has: (figure) => figures.byKey.has(figure),
    known: (keys) => keys.filter((key) => figures.byKey.has(key)),
    figureName: (key) => {
      const figure = figures.byKey.get(key);
      return figure === undefined ? key : nameOf(figure, language);
    },
    orderNote: (key) =>
      language.t(
        isRanked(key, figures.byKey.get(key)?.unit ?? "")
          ? "figure.worstFirst"
          : "figure.largestFirst",
      ),
    show: (key, value, currency = "") =>
      showValue(language, figures.byKey.get(key)?.unit ?? "", value, currency),
    location,
    locationName,
    name: (dimension, value) => {
      if (value === "") return language.t(`none.${dimension}`);
      switch (dimension) {
        case "location":
          return locationName(value);
        case "channel":
          return channelName(value);
        case "group":
          return groupName(value);
        case "fulfilment":
          return language.lookUp(`fulfilment.${value}`, value);
        default:
          return value;
      }
    },
    choices: (dimension, all) => {
      switch (dimension) {
        case "location":
          return sorted(
            names.locations.map((one) => ({ value: one.code, name: locationName(one.code) })),
            all,
          );
        case "channel":
          return sorted(
            names.channels.map((one) => ({
              value: one.channelId,
              name: channelName(one.channelId),
            })),
            all,
          );
        case "group":
          return sorted(
            names.groups.map((one) => ({ value: one.groupId, name: groupName(one.groupId) })),
            all,
          );
      }
    },
  };
}
