// Something that changes the daemon's state: one at a time, with its failure.
import { useState } from "preact/hooks";
import { failureOf } from "../api/client";
import type { Failure } from "../api/client";

export interface Action {
  readonly isBusy: boolean;
  readonly failure: Failure | undefined;
  // Whether it succeeded.
  run(change: () => Promise<void>): Promise<boolean>;
}

export function useAction(): Action {
  const [state, setState] = useState<{ isBusy: boolean; failure: Failure | undefined }>({
    isBusy: false,
    failure: undefined,
  });
  return {
    ...state,
    run: async (change) => {
      setState({ isBusy: true, failure: undefined });
      try {
        await change();
        setState({ isBusy: false, failure: undefined });
        return true;
      } catch (error) {
        setState({ isBusy: false, failure: failureOf(error) });
        return false;
      }
    },
  };
}
