// One order on the board. The card is a button that opens the work on it.
import { nextDue, unitsOf, urgencyOf } from "../base/orders";
import type { Part } from "../base/orders";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { OrderState } from "contract/stockd/v1/order_types_pb";
import { useNavigation } from "../base/view";
import { useLanguage } from "../i18n/language";
import { DueText, methodName, StateMark } from "../ui/words";

export function BoardCard(props: { part: Part; now: number }) {
  const language = useLanguage();
  const { t, relative } = language;
  const { change } = useNavigation();
  const { order, fulfilment } = props.part;
  const urgency = urgencyOf(fulfilment, props.now);
  const arrived = fulfilment.arriveTime;
  return (
    <li>
      <button
        type="button"
        class={`card card-${urgency}`}
        onClick={() => change({ work: `${order.orderId}#${fulfilment.number}` })}
      >
        <span class="card-top">
          <span class="code card-id">{order.orderId}</span>
          {fulfilment.holdingArea !== "" && (
            <span class="card-shelf">{fulfilment.holdingArea}</span>
          )}
        </span>
        <span class="card-due">
          {fulfilment.state === OrderState.CUSTOMER_WAITING && arrived !== undefined ? (
            <span class="due due-risk">
              {t("board.waits", { when: relative(timestampMs(arrived) - props.now) })}
            </span>
          ) : (
            <DueText due={nextDue(fulfilment)} urgency={urgency} now={props.now} />
          )}
        </span>
        <span class="card-foot">
          <StateMark state={fulfilment.state} />
          <span>{methodName(language, fulfilment.method)}</span>
          <span>{t("units", { count: unitsOf(fulfilment) })}</span>
        </span>
      </button>
    </li>
  );
}
