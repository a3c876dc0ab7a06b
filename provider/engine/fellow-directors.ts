import { LvsError } from "../errors";
import type { Session } from "../host/session/job";
import type { RuntimeKind, Target } from "../kinds/define-kind";
import type { Holder } from "../kinds/kind";
import { type Host, nameOf } from "./inventory";

/**
 * The hosts on which the program has IPVS services. A VIP that moves between two of them comes up on the one before it goes from the
 * other, so there it is no stranger's.
 */
export class FellowDirectors {
  readonly #hosts = new Map<string, Host>();

  declare(kind: RuntimeKind, host: Host): void {
    if (kind.isDirectors) this.#hosts.set(nameOf(host), host);
  }

  besides(host: Host): readonly Host[] {
    return [...this.#hosts].filter(([name]) => name !== nameOf(host)).map(([, other]) => other);
  }
}

/** The target with permission, where an object was refused because a host has it, and that host is one of these. */
export async function allowFellow(
  { holder }: RuntimeKind,
  target: Target,
  error: unknown,
  fellows: () => readonly Session[],
): Promise<Target | undefined> {
  const mac = error instanceof Error ? holder?.in(error.message) : undefined;
  if (holder === undefined || mac === undefined || target.desired === undefined) return undefined;
  for (const fellow of fellows()) {
    if (await hasCard(fellow, mac, holder)) return { ...target, desired: holder.allow(target.desired) };
  }
  return undefined;
}

/** One that cannot be reached says nothing, and the refusal stands. */
async function hasCard(session: Session, mac: string, { cards }: Holder<object>): Promise<boolean> {
  const subject = `cards of ${session.name}`;
  try {
    const { after } = await session.submit({
      subject,
      facts: [cards],
      plan: (observation) => ({ steps: () => [], found: observation.get(cards).includes(mac) }),
    });
    return after.found;
  } catch (error) {
    if (error instanceof LvsError) return false;
    throw error;
  }
}
