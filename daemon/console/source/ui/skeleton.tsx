// What stands where data will be.
import { useLanguage } from "../i18n/language";

export function Skeleton(props: { rows: number }) {
  const { t } = useLanguage();
  return (
    <div class="skeleton" role="status">
      <span class="only-heard">{t("loading")}</span>
      {Array.from({ length: props.rows }, (_, row) => (
        <span key={row} aria-hidden="true" />
      ))}
    </div>
  );
}

export function Empty(props: { text: string; hint?: string }) {
  return (
    <div class="empty">
      <p>{props.text}</p>
      {props.hint && <p class="quiet">{props.hint}</p>}
    </div>
  );
}
