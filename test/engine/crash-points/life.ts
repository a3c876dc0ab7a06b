import type { DefinedKind } from "../../../provider/kinds/runtime-kind";
import type { FakeHost } from "../../fakes/fake-host";
import type { Life } from "../../support/crash-points";

/** A life on a fake host. */
export interface FakeLife extends Life {
  readonly on: string;
  readonly host: FakeHost;
}

interface Sort<Host extends FakeHost> {
  readonly kind: DefinedKind;
  readonly host: Host;
  readonly args: object;
  readonly others?: readonly object[];
  readonly byHand?: { readonly make: (host: Host) => unknown; readonly undo: (host: Host) => unknown };
}

/** A life on one sort of host. Its arguments have the name that the resource classes add, by which the records of a host know an owner. */
export function life<Host extends FakeHost>(
  on: string,
  { host, args, others = [], byHand, kind }: Sort<Host>,
): FakeLife {
  return {
    on,
    kind,
    host,
    args: named(args),
    others: others.map(named),
    ...(byHand && { byHand: { make: () => byHand.make(host), undo: () => byHand.undo(host) } }),
  };
}

function named(args: object): object {
  return { ...args, __resource: "shop/prod/web1" };
}
