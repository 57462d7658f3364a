// Data on its way: loading, shown, stale, failed. Every part of a page that asks the daemon for
// something goes through here, so that all of them behave alike.
import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { failureOf } from "../api/client";
import type { Failure } from "../api/client";
import { useLanguage } from "../i18n/language";
import { Skeleton } from "./skeleton";

export interface Loaded<T> {
  readonly value: T | undefined;
  readonly failure: Failure | undefined;
  readonly isLoading: boolean;
  // What `value` answers; differs from what is asked while the next answer is on its way.
  readonly key: string;
  readonly at: number;
  readonly reload: () => void;
}

// What `load` gives may be anything but undefined, which stands for nothing having come yet.
// Loads whenever `key` changes, and again every `refresh_ms` while the page is looked at. While the
// next answer is on its way, or when it does not come, the last one stays.
export function useLoad<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  refreshMs = 0,
): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, "reload">>({
    value: undefined,
    failure: undefined,
    isLoading: true,
    key,
    at: 0,
  });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    const stop = new AbortController();
    setState((before) => ({ ...before, isLoading: true }));
    latest.current(stop.signal).then(
      (value) => {
        if (stop.signal.aborted) return;
        setState({ value, failure: undefined, isLoading: false, key, at: Date.now() });
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        setState((before) => ({
          ...before,
          failure: failureOf(error),
          isLoading: false,
          ...(before.key === key ? {} : { value: undefined, key }),
        }));
      },
    );
    return () => stop.abort();
  }, [key, turn]);
  const reload = useCallback(() => setTurn((count) => count + 1), []);
  useEffect(() => {
    if (refreshMs === 0) return;
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, refreshMs);
    const seen = () => {
      if (!document.hidden) reload();
    };
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [refreshMs]);
  return { ...state, reload };
}

export function useFailureText(): (failure: Failure) => string {
  const { lookUp, t } = useLanguage();
  return (failure) =>
    lookUp(`reason.${failure.reason}`, t("failure.other", { message: failure.message }));
}

export function FailureNote(props: { failure: Failure; retry?: () => void }) {
  const { t } = useLanguage();
  const textOf = useFailureText();
  return (
    <div class="note note-late" role="alert">
      <p>
        <strong>{t("failure.title")}</strong> {textOf(props.failure)}
      </p>
      {props.retry && (
        <button type="button" class="button" onClick={props.retry}>
          {t("failure.retry")}
        </button>
      )}
    </div>
  );
}

// Shows what was loaded. `rows` says how tall the placeholder is that stands there before.
export function Shown<T>(props: {
  of: Loaded<T>;
  rows?: number;
  children: (value: T) => ComponentChildren;
}) {
  const { t, relative } = useLanguage();
  const textOf = useFailureText();
  const { value, failure, isLoading, at, reload } = props.of;
  if (value === undefined) {
    if (failure !== undefined) return <FailureNote failure={failure} retry={reload} />;
    return <Skeleton rows={props.rows ?? 4} />;
  }
  return (
    <div class={isLoading ? "shown is-refreshing" : "shown"} aria-busy={isLoading}>
      {failure !== undefined && (
        <p class="note note-risk" role="status">
          {t("stale", { age: relative(at - Date.now()), why: textOf(failure) })}{" "}
          <button type="button" class="link" onClick={reload}>
            {t("failure.retry")}
          </button>
        </p>
      )}
      {props.children(value)}
    </div>
  );
}

// The present, each time anew after so many milliseconds.
export function useNow(everyMs = 15_000): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
