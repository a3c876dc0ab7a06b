import { UserError } from "../../errors";
import type { Fact } from "../../facts/fact";
import { type Network, network } from "../../facts/network";
import type { NetworkName } from "../../model/vip";
import type { NetworkDialect, Sign } from "./dialect";
import { ifcfg } from "./ifcfg";
import { ifupdown } from "./ifupdown";

/** All managers that we can write for. */
export const networkDialects: readonly NetworkDialect[] = [ifcfg, ifupdown];

/** What all of them have to see. One question for a host, whatever its resources. */
export const networkFact: Fact<Network> = network(
  networkDialects.flatMap(({ signs }) => signs.map(({ path }) => path)),
  networkDialects.flatMap(({ reads }) => reads),
);

/** The manager that brings addresses up on this host at boot: the one the user names, else the only one that is all there. */
export function chooseNetwork(seen: Network, named: NetworkName | undefined): NetworkDialect {
  const dialect = findNetwork(seen, named);
  if (dialect !== undefined) return dialect;
  const several = inCharge(seen).length > 1;
  throw new UserError(
    [
      several
        ? "more than one network manager would bring addresses up at boot on this host:"
        : "no network manager that this package knows brings addresses up at boot on this host:",
      ...networkDialects.flatMap(({ name, signs }) =>
        signs.map((sign) => `  ${name}: ${sign.shows}: ${verdict(seen, sign)}`),
      ),
      `Say which it is with "network", one of ${networkDialects.map(({ name }) => `"${name}"`).join(", ")}, ` +
        'or set "boot: false" and keep the address across a reboot by other means.',
    ].join("\n"),
  );
}

/** The same without an error: undefined where the host does not decide it. */
export function findNetwork(seen: Network, named: NetworkName | undefined): NetworkDialect | undefined {
  if (named !== undefined) return networkDialects.find(({ name }) => name === named);
  const found = inCharge(seen);
  return found.length === 1 ? found[0] : undefined;
}

function inCharge(seen: Network): NetworkDialect[] {
  return networkDialects.filter(({ signs }) => signs.every(({ path }) => seen.there.has(path)));
}

function verdict(seen: Network, { path }: Sign): string {
  return seen.there.has(path) ? "yes" : `no (looked for ${path.replaceAll(" ", ", ")})`;
}
