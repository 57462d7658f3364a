// Words for states, methods and moments, the same on every page.
import {
  FulfilmentMethod,
  OrderEventKind,
  OrderState,
  UnitReason,
} from "contract/stockd/v1/order_types_pb";
import type { Due, Urgency } from "../base/orders";
import { useNavigation } from "../base/view";
import { useLanguage } from "../i18n/language";
import type { Language } from "../i18n/language";

export function stateName(language: Language, state: OrderState): string {
  return language.lookUp(`state.${OrderState[state]}`, OrderState[state] ?? "");
}

export function methodName(language: Language, method: FulfilmentMethod): string {
  return language.lookUp(`method.${FulfilmentMethod[method]}`, FulfilmentMethod[method] ?? "");
}

export function eventName(language: Language, kind: OrderEventKind): string {
  return language.lookUp(`event.${OrderEventKind[kind]}`, OrderEventKind[kind] ?? "");
}

export function unitReasonName(language: Language, reason: UnitReason): string {
  return language.lookUp(`why.${UnitReason[reason]}`, UnitReason[reason] ?? "");
}

export function StateMark(props: { state: OrderState }) {
  const language = useLanguage();
  return (
    <span class={`state state-${OrderState[props.state]}`}>{stateName(language, props.state)}</span>
  );
}

// "ready in 25 min", "should have left 2 h ago".
export function DueText(props: { due: Due | undefined; urgency: Urgency; now: number }) {
  const { t, relative } = useLanguage();
  const { due } = props;
  if (due === undefined) return <span class="quiet">–</span>;
  const when = relative(due.at - props.now);
  return (
    <span class={`due due-${props.urgency}`}>
      {due.at < props.now ? t(`overdue.${due.what}`, { when }) : t(`due.${due.what}`, { when })}
    </span>
  );
}

export function OrderLink(props: { id: string }) {
  const { change } = useNavigation();
  return (
    <button type="button" class="link code" onClick={() => change({ order: props.id })}>
      {props.id}
    </button>
  );
}

export function ItemLink(props: { sku: string; name?: string; place?: string }) {
  const { change } = useNavigation();
  return (
    <button
      type="button"
      class="link"
      onClick={() => change({ item: props.sku, place: props.place ?? "" })}
    >
      {props.name === undefined || props.name === "" ? props.sku : props.name}
    </button>
  );
}

export function Moment(props: { at: number | undefined; zone: string }) {
  const { dateTime } = useLanguage();
  if (props.at === undefined) return <span class="quiet">–</span>;
  return <time dateTime={new Date(props.at).toISOString()}>{dateTime(props.at, props.zone)}</time>;
}
