// What was told and could not be applied: grouped by what mends it, with the mending.
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { useId, useState } from "preact/hooks";
import type { QuarantineGroup } from "contract/stockd/v1/adapter_service_pb";
import { findItems } from "../api/catalogue";
import { adapters, mappings } from "../api/client";
import { useLanguage } from "../i18n/language";
import { useAction } from "../ui/action";
import type { Action } from "../ui/action";
import { Section, Select } from "../ui/controls";
import { useKnown } from "../ui/frame";
import { FailureNote, Shown, useLoad } from "../ui/load";

const REFRESH_MS = 20_000;
// Refused by a limit of time, which a person may waive.
const TOO_LATE = new Set(["OCCURRED_TOO_LONG_AGO", "OCCURRED_IN_FUTURE"]);

interface Mending {
  readonly group: QuarantineGroup;
  readonly action: Action;
  readonly mend: (done: string, change: () => Promise<unknown>) => void;
}

function MapItem(props: Mending) {
  const { t } = useLanguage();
  const field = useId();
  const [query, setQuery] = useState("");
  const found = useLoad(`map ${query}`, async () =>
    query.trim() === "" ? [] : findItems(query, 8),
  );
  const { group } = props;
  return (
    <div class="mend">
      <label for={field}>{t("work.mapItem", { name: group.name })}</label>
      <input
        id={field}
        type="search"
        value={query}
        autocomplete="off"
        onInput={(event) => setQuery(event.currentTarget.value)}
      />
      <ul class="found">
        {(found.value ?? []).map((item) => (
          <li key={item.sku}>
            <button
              type="button"
              class="button"
              disabled={props.action.isBusy}
              onClick={() =>
                props.mend(t("work.done.mapped"), () =>
                  mappings.putMappings({
                    skus: [{ source: group.source, code: group.name, sku: item.sku }],
                  }),
                )
              }
            >
              {item.name || item.sku} <span class="code">{item.sku}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function MapLocation(props: Mending) {
  const { t } = useLanguage();
  const known = useKnown();
  const [location, setLocation] = useState("");
  const { group } = props;
  return (
    <div class="mend">
      <Select
        label={t("work.mapLocation", { name: group.name })}
        value={location}
        choose={setLocation}
        choices={known.choices("location", t("board.choose"))}
      />
      <button
        type="button"
        class="button"
        disabled={props.action.isBusy || location === ""}
        onClick={() =>
          props.mend(t("work.done.mapped"), () =>
            mappings.putMappings({
              locations: [{ source: group.source, code: group.name, location }],
            }),
          )
        }
      >
        {t("work.map")}
      </button>
    </div>
  );
}

function GiveUp(props: Mending) {
  const { t } = useLanguage();
  const field = useId();
  const [note, setNote] = useState("");
  const { source, reason } = props.group;
  return (
    <form
      class="mend"
      onSubmit={(event) => {
        event.preventDefault();
        props.mend(t("work.done.rejected"), () =>
          adapters.rejectQuarantined({ source, reason, note: note.trim() }),
        );
      }}
    >
      <label for={field}>{t("work.note")}</label>
      <input
        id={field}
        value={note}
        maxLength={120}
        autocomplete="off"
        onInput={(event) => setNote(event.currentTarget.value)}
      />
      <button
        type="submit"
        class="button button-danger"
        disabled={props.action.isBusy || note.trim() === ""}
      >
        {t("work.reject")}
      </button>
    </form>
  );
}

function Group(props: Mending) {
  const { t, relative, lookUp } = useLanguage();
  const { group, action } = props;
  const { source, reason } = group;
  const replay = (acceptLate: boolean) =>
    props.mend(t("work.done.replayed"), () =>
      adapters.replayQuarantine({ source, reason, acceptLate }),
    );
  return (
    <li class="work">
      <p class="work-head">
        <span class="work-count">{t("facts", { count: group.count })}</span>
        <strong>{lookUp(`reason.${reason}`, reason)}</strong>
        {group.name !== "" && <span class="code">{group.name}</span>}
        <span class="quiet">
          {source}
          {group.oldestTime !== undefined &&
            ` · ${t("work.since", {
              when: relative(timestampMs(group.oldestTime) - Date.now()),
            })}`}
        </span>
      </p>
      <details>
        <summary>{t("work.mend")}</summary>
        {lookUp(`fix.${reason}`, group.advice) !== "" && (
          <p>{lookUp(`fix.${reason}`, group.advice)}</p>
        )}
        {reason === "SKU_UNKNOWN" && group.name !== "" && <MapItem {...props} />}
        {reason === "LOCATION_UNKNOWN" && group.name !== "" && <MapLocation {...props} />}
        <div class="controls">
          <button
            type="button"
            class="button"
            disabled={action.isBusy}
            onClick={() => replay(false)}
          >
            {t("work.replay")}
          </button>
          {TOO_LATE.has(reason) && (
            <button
              type="button"
              class="button"
              disabled={action.isBusy}
              onClick={() => replay(true)}
            >
              {t("work.acceptLate")}
            </button>
          )}
        </div>
        <GiveUp {...props} />
        {group.command !== "" && (
          <p class="quiet">
            {t("work.command")} <code>{group.command}</code>
          </p>
        )}
      </details>
    </li>
  );
}

export function WorkList(props: { source: string; changed: () => void }) {
  const { t } = useLanguage();
  const action = useAction();
  const [said, setSaid] = useState("");
  const groups = useLoad(
    `work ${props.source}`,
    async (signal) =>
      (await adapters.summarizeQuarantine({ source: props.source }, { signal })).groups,
    REFRESH_MS,
  );
  const mend: Mending["mend"] = (done, change) =>
    void action
      .run(async () => {
        await change();
      })
      .then((succeeded) => {
        if (succeeded) setSaid(done);
        groups.reload();
        props.changed();
      });
  return (
    <Section title={t("work.title")} note={t("work.about")}>
      <p role="status" class={said === "" ? "said" : "said note note-good"}>
        {said}
      </p>
      {action.failure && <FailureNote failure={action.failure} />}
      <Shown of={groups} rows={4}>
        {(list) =>
          list.length === 0 ? (
            <p class="empty">{t("work.none")}</p>
          ) : (
            <ul class="works">
              {list.map((group) => (
                <Group
                  key={`${group.source}/${group.reason}/${group.name}`}
                  group={group}
                  action={action}
                  mend={mend}
                />
              ))}
            </ul>
          )
        }
      </Shown>
    </Section>
  );
}
