import { LvsError } from "../errors";
import type { Session } from "../host/session/job";
import type { Holder } from "../kinds/kind";
import type { RuntimeKind, Target } from "../kinds/runtime-kind";
import { type Host, type Inventory, nameOf } from "./inventory";

/**
 * The hosts on which the program has IPVS services, or had them before this run. A VIP that moves between two of them comes up on the one
 * before it goes from the other, so there it is no stranger's.
 */
export class FellowDirectors {
  readonly #hosts = new Map<string, Host>();

  declare(kind: RuntimeKind, host: Host | undefined): void {
    if (kind.isDirectors && host !== undefined) this.#hosts.set(nameOf(host), host);
  }

  besides(host: Host): readonly Host[] {
    return [...this.#hosts].filter(([name]) => name !== nameOf(host)).map(([, other]) => other);
  }

  /** The other hosts of the inventory: a director may leave the program in the change that moves its VIP. */
  otherHosts(host: Host, inventory: Inventory): readonly Host[] {
    return inventory.names().filter((name) => name !== nameOf(host) && !this.#hosts.has(name));
  }
}

/** Who may have an object that another host was refused for. */
export interface Candidates {
  readonly fellows: () => readonly Session[];
  /** These count only where this package has made them directors. */
  readonly otherHosts: () => readonly Session[];
}

export function candidatesBeside(
  host: Host,
  { directors, inventory }: { readonly directors?: FellowDirectors; readonly inventory: Inventory },
  sessionOf: (host: Host) => Session | undefined,
): Candidates {
  const sessions = (hosts: readonly Host[] = []) => hosts.flatMap((one) => sessionOf(one) ?? []);
  return {
    fellows: () => sessions(directors?.besides(host)),
    otherHosts: () => sessions(directors?.otherHosts(host, inventory)),
  };
}

/** The target with permission, where an object was refused because a host has it, and that host is one of the candidates. */
export async function allowFellow(
  { holder }: RuntimeKind,
  target: Target,
  error: unknown,
  { fellows, otherHosts }: Candidates,
): Promise<Target | undefined> {
  const mac = error instanceof Error ? holder?.in(error.message) : undefined;
  if (holder === undefined || mac === undefined || target.desired === undefined) return undefined;
  const allowed = { ...target, desired: holder.allow(target.desired) };
  const isOne = async (sessions: readonly Session[], isKnown: boolean) => {
    const found = await Promise.all(sessions.map((session) => isHolder(session, mac, holder, isKnown)));
    return found.includes(true);
  };
  return (await isOne(fellows(), true)) || (await isOne(otherHosts(), false)) ? allowed : undefined;
}

/** One that cannot be reached says nothing, and the refusal stands. */
async function isHolder(
  session: Session,
  mac: string,
  { cards, isDirector }: Holder<object>,
  isKnown: boolean,
): Promise<boolean> {
  const subject = `cards of ${session.name}`;
  try {
    const { after } = await session.submit({
      subject,
      facts: [cards, isDirector],
      plan: (observation) => ({
        steps: () => [],
        found: observation.get(cards).includes(mac) && (isKnown || observation.get(isDirector)),
      }),
    });
    return after.found;
  } catch (error) {
    if (error instanceof LvsError) return false;
    throw error;
  }
}
