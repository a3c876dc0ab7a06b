import type { DefinedKind } from "../../../provider/kinds/runtime-kind";
import type { FakeHost } from "../../fakes/fake-host";

/** A kind on a sort of host: what may be wanted of one object, and what an operator may do to it and beside it. */
export interface Row {
  readonly name: string;
  readonly kind: DefinedKind;
  /** Arguments of one and the same object. */
  readonly wants: readonly object[];
  readonly start: () => Start;
}

export interface Start {
  readonly host: FakeHost;
  /** How many passes a change to this may take. Two where the first has to be confirmed, or makes readable what the second needs. */
  readonly passes: (want: object) => number;
  /** Each may throw what a command of the host fails with. */
  readonly acts: readonly (() => unknown)[];
}

interface Sort<Host extends FakeHost> {
  readonly kind: DefinedKind;
  readonly host: () => Host;
  readonly wants: readonly object[];
  readonly acts: readonly ((host: Host) => unknown)[];
  /** @default 1 */
  readonly passes?: number | ((host: Host, want: object) => number);
}

export function row<Host extends FakeHost>(name: string, { acts, host, passes = 1, ...sort }: Sort<Host>): Row {
  const start = () => {
    const made = host();
    const most = (want: object) => (typeof passes === "number" ? passes : passes(made, want));
    return { host: made, passes: most, acts: acts.map((act) => () => act(made)) };
  };
  return { name, start, ...sort };
}
