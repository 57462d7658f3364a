// Whether a connected system can be relied on, and what is wrong if not.
import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Source } from "contract/stockd/v1/adapter_service_pb";
import { useLanguage } from "../i18n/language";
import type { Language } from "../i18n/language";

export type Health = "good" | "watch" | "bad";

export function healthOf(source: Source): Health {
  if (!source.connected) return "bad";
  const waits =
    source.quarantined > 0n ||
    source.missingNumbers > 0n ||
    source.refusedLevels > 0n ||
    source.driftPositions > 0n ||
    source.waitingOrderFacts > 0n;
  return waits ? "watch" : "good";
}

export function troublesOf(language: Language, source: Source): string[] {
  const { t } = language;
  const troubles: string[] = [];
  if (!source.connected) {
    troubles.push(
      source.sessionChangeTime === undefined
        ? t("source.never")
        : t("source.away", {
            when: language.relative(timestampMs(source.sessionChangeTime) - Date.now()),
          }),
    );
  }
  if (source.quarantined > 0n)
    troubles.push(t("source.quarantined", { count: source.quarantined }));
  if (source.missingNumbers > 0n)
    troubles.push(t("source.missing", { count: source.missingNumbers }));
  if (source.refusedLevels > 0n)
    troubles.push(t("source.refused", { count: source.refusedLevels }));
  if (source.driftPositions > 0n)
    troubles.push(t("source.drift", { count: source.driftPositions }));
  if (source.waitingOrderFacts > 0n)
    troubles.push(t("source.orderFacts", { count: source.waitingOrderFacts }));
  return troubles;
}

export function SourceMark(props: { source: Source }) {
  const { t } = useLanguage();
  const health = healthOf(props.source);
  return (
    <span class={`mark mark-${health}`}>
      <span class="only-heard">{t(`health.${health}`)}</span>
    </span>
  );
}
