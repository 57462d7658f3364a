// What is shown is a function of the address, so that a link shows the same again.
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";

export type View = Readonly<Record<string, string>>;

// "/delivery?by=carrier" is the page and what was chosen on it.
export function parseView(path: string, search: string): View {
  const page = path.split("/")[1] ?? "";
  const chosen = Object.fromEntries(new URLSearchParams(search));
  return page === "" ? chosen : { ...chosen, page };
}

// The address of a view; values that are empty say nothing and are left out.
export function addressOf(view: View): string {
  const { page = "", ...chosen } = view;
  const kept = Object.entries(chosen).filter(([, value]) => value !== "");
  return `/${page}${kept.length === 0 ? "" : `?${new URLSearchParams(kept)}`}`;
}

export function changed(view: View, changes: View): View {
  return Object.fromEntries(
    Object.entries({ ...view, ...changes }).filter(([, value]) => value !== ""),
  );
}

export interface Navigation {
  readonly view: View;
  // Shows something else; the browser's way back leads here again, unless `replace`.
  go(view: View, options?: { replace?: boolean }): void;
  // The same with some values changed; "" takes a value away.
  change(changes: View, options?: { replace?: boolean }): void;
}

export const NavigationContext = createContext<Navigation>({ view: {}, go() {}, change() {} });
export const useNavigation = () => useContext(NavigationContext);

const here = () => parseView(location.pathname, location.search);

export function useBrowserNavigation(): Navigation {
  const [view, setView] = useState(here);
  useEffect(() => {
    const returned = () => setView(here());
    addEventListener("popstate", returned);
    return () => removeEventListener("popstate", returned);
  }, []);
  const go: Navigation["go"] = (next, options) => {
    if (addressOf(next) === addressOf(view)) return;
    history[options?.replace === true ? "replaceState" : "pushState"](null, "", addressOf(next));
    setView(next);
  };
  return {
    view,
    go,
    change: (changes, options) => go(changed(here(), changes), options),
  };
}
