import type { DefinedKind } from "../../../provider/kinds/runtime-kind";
import type { FakeHost } from "../../fakes/fake-host";

/** A kind on a sort of host: what may be wanted of one object, and what an operator may do to it and beside it. */
export interface Row {
  readonly name: string;
  readonly kind: DefinedKind;
  /** Arguments of one and the same object. */
  readonly wants: readonly object[];
  /** How many passes a change may take. Two where the first has to be confirmed, or makes readable what the second needs. */
  readonly passes: number;
  readonly start: () => Start;
}

export interface Start {
  readonly host: FakeHost;
  /** Each may throw what a command of the host fails with. */
  readonly acts: readonly (() => unknown)[];
}

interface Sort<Host extends FakeHost> {
  readonly kind: DefinedKind;
  readonly host: () => Host;
  readonly wants: readonly object[];
  readonly acts: readonly ((host: Host) => unknown)[];
  readonly passes?: number;
}

export function row<Host extends FakeHost>(name: string, { acts, host, passes = 1, ...sort }: Sort<Host>): Row {
  const start = () => {
    const made = host();
    return { host: made, acts: acts.map((act) => () => act(made)) };
  };
  return { name, passes, start, ...sort };
}
