// The last steps of an order in a store.
import { useId, useState } from "preact/hooks";
import type { Fulfilment } from "contract/stockd/v1/order_types_pb";
import { finishPicking, handOver, receive, ship } from "../api/moves";
import { isCollected } from "../base/orders";
import { useLanguage } from "../i18n/language";
import type { Step } from "./board_work";

function Field(props: {
  label: string;
  value: string;
  tell: (value: string) => void;
  hint?: string;
  isCode?: boolean;
}) {
  const id = useId(),
    hint = useId();
  return (
    <span class="control">
      <label for={id}>{props.label}</label>
      <input
        id={id}
        value={props.value}
        autocomplete="off"
        spellcheck={false}
        class={props.isCode ? "code-field" : ""}
        inputMode={props.isCode ? "numeric" : "text"}
        maxLength={props.isCode ? 6 : 128}
        aria-describedby={props.hint === undefined ? undefined : hint}
        onInput={(event) => props.tell(event.currentTarget.value)}
      />
      {props.hint !== undefined && (
        <span id={hint} class="quiet">
          {props.hint}
        </span>
      )}
    </span>
  );
}

export function ReadyForm(props: { fulfilment: Fulfilment; step: Step }) {
  const { t } = useLanguage();
  const [area, setArea] = useState("");
  const { step } = props;
  const collected = isCollected(props.fulfilment);
  return (
    <form
      class="work-form"
      onSubmit={(event) => {
        event.preventDefault();
        step.take(collected ? t("board.done.ready") : t("board.done.packed"), () =>
          finishPicking(step.target, area.trim()),
        );
      }}
    >
      <h3>{collected ? t("board.finish") : t("board.pack")}</h3>
      <Field label={t("board.area")} value={area} tell={setArea} />
      <button type="submit" class="button button-main" disabled={step.action.isBusy}>
        {collected ? t("board.ready.do") : t("board.packed.do")}
      </button>
    </form>
  );
}

export function HandOverForm(props: { fulfilment: Fulfilment; step: Step }) {
  const { t } = useLanguage();
  const [code, setCode] = useState("");
  const { step } = props;
  return (
    <form
      class="work-form"
      onSubmit={(event) => {
        event.preventDefault();
        step.take(t("board.done.handedOver"), () => handOver(step.target, code.trim()));
      }}
    >
      <h3>{t("board.handOver")}</h3>
      <Field
        label={t("board.code")}
        value={code}
        tell={setCode}
        hint={t("board.code.hint")}
        isCode
      />
      <button
        type="submit"
        class="button button-main"
        disabled={step.action.isBusy || code.trim() === ""}
      >
        {t("board.handOver.do")}
      </button>
    </form>
  );
}

export function CarrierForm(props: { step: Step }) {
  const { t } = useLanguage();
  const [carrier, setCarrier] = useState("");
  const [number, setNumber] = useState("");
  const { step } = props;
  return (
    <form
      class="work-form"
      onSubmit={(event) => {
        event.preventDefault();
        step.take(t("board.done.shipped"), () => ship(step.target, carrier.trim(), number.trim()));
      }}
    >
      <h3>{t("board.ship")}</h3>
      <Field label={t("order.carrier")} value={carrier} tell={setCarrier} />
      <Field label={t("board.tracking")} value={number} tell={setNumber} />
      <button type="submit" class="button button-main" disabled={step.action.isBusy}>
        {t("board.ship.do")}
      </button>
    </form>
  );
}

export function ReceiveForm(props: { step: Step }) {
  const { t } = useLanguage();
  const [area, setArea] = useState("");
  const { step } = props;
  return (
    <form
      class="work-form"
      onSubmit={(event) => {
        event.preventDefault();
        step.take(t("board.done.received"), () => receive(step.target, area.trim()));
      }}
    >
      <h3>{t("board.receive")}</h3>
      <Field label={t("board.area")} value={area} tell={setArea} />
      <button type="submit" class="button button-main" disabled={step.action.isBusy}>
        {t("board.receive.do")}
      </button>
    </form>
  );
}
