import { LvsError, UserError } from "../../errors";
import type { Session } from "../../host/session/job";
import { isSameMachine, type Machine } from "../../model/machine";
import { type Host, type Inventory, nameOf } from "../inventory";
import type { OwnedOn } from "../ownership";
import { addressDigest, likeness, type Place, placeOf } from "./place";

/** The machines behind the names of hosts. A name may have got another machine, and a machine another name. */
export class Machines {
  constructor(
    private readonly inventory: Inventory,
    private readonly open: (connection: ReturnType<Inventory["resolve"]>) => Session,
  ) {}

  session(host: Host): Session {
    return this.open(this.inventory.resolve(host));
  }

  /** Undefined for a name that is not in the inventory: it may have left it. */
  sessionIfKnown(host: Host): Session | undefined {
    return this.inventory.has(host) ? this.session(host) : undefined;
  }

  placeOf(host: Host, machine: Machine): Place {
    return placeOf(this.inventory.resolve(host), machine);
  }

  /** The host that has an object: the one of that name, or the one whose machine had that name when the object was seen there. */
  async hostOf(host: Host, place: Place | undefined): Promise<Host> {
    if (place === undefined) return host;
    if (!this.inventory.has(host)) return this.#named(host, place);
    return (await this.#swapped(host, place)) ?? host;
  }

  /** Refuses to change an object in place that is on another machine, which has another name now. */
  async refuseSwap(host: Host, place: Place | undefined): Promise<void> {
    const other = place === undefined ? undefined : await this.#swapped(host, place);
    if (other === undefined) return;
    throw new UserError(
      `${nameOf(host)} in ${this.inventory.where} is another machine than at the last "pulumi up"; the one that has this object is ` +
        `${nameOf(other)} there. Give the machines their names back, or declare the object with host: "${nameOf(other)}".`,
    );
  }

  /** Whether one of these hosts is the machine of a session, by another name. Asks only those that may be. */
  async anyIs(others: readonly OwnedOn[], session: Session, place: Place | undefined): Promise<OwnedOn | undefined> {
    for (const other of others) {
      if (await this.#isMachineOf(other, session, place)) return other;
    }
    return undefined;
  }

  async #isMachineOf({ host, place }: OwnedOn, session: Session, own: Place | undefined): Promise<boolean> {
    const isKnown = place !== undefined && own !== undefined;
    if (isKnown && likeness(place, own) === 0) return false;
    const other = this.sessionIfKnown(host);
    if (other === undefined) return false;
    try {
      return isSameMachine(await other.machine(), await session.machine());
    } catch (error) {
      // Nothing says that it could be the same machine.
      if (error instanceof LvsError && !isKnown) return false;
      throw error;
    }
  }

  /** A host of another name whose address the object's machine had, and which is that machine. */
  async #swapped(host: Host, place: Place): Promise<Host | undefined> {
    if (this.#isAt(host, place)) return undefined;
    const there = this.inventory.names().find((name) => name !== nameOf(host) && this.#isAt(name, place));
    if (there === undefined) return undefined;
    const [now, then] = await Promise.all([this.#placeNow(host), this.#placeNow(there)]);
    return likeness(then, place) > likeness(now, place) ? there : undefined;
  }

  /** The name that the machine has now, where that of the state has left the inventory. */
  async #named(host: Host, place: Place): Promise<Host> {
    const names = this.inventory.names();
    const there = names.find((name) => this.#isAt(name, place));
    if (there !== undefined) return there;
    const found = await Promise.all(names.map(async (name) => ({ name, like: await this.#likeness(name, place) })));
    const best = Math.max(0, ...found.map(({ like = 0 }) => like));
    const [first, second] = best === 0 ? [] : found.filter(({ like }) => like === best);
    if (first !== undefined && second === undefined) return first.name;
    const silent = found.filter(({ like }) => like === undefined).map(({ name }) => name);
    const why =
      first === undefined || second === undefined
        ? `none of them is the machine that had this name${silent.length === 0 ? "" : `, as far as they can be reached (not ${silent.join(", ")})`}`
        : `${first.name} and ${second.name} have the machine-id of the machine that had this name, so it cannot be told which it is`;
    this.inventory.refuse(host, `${why}. ${GONE}`);
  }

  /** Undefined: it cannot be reached. */
  async #likeness(name: string, place: Place): Promise<number | undefined> {
    try {
      return likeness(await this.#placeNow(name), place);
    } catch (error) {
      if (error instanceof LvsError) return undefined;
      throw error;
    }
  }

  /** Connects. */
  async #placeNow(host: Host): Promise<Place> {
    return this.placeOf(host, await this.session(host).machine());
  }

  /** One whose proxy is unknown is nowhere, and no matter of the others. */
  #isAt(host: Host, { address }: Place): boolean {
    try {
      return addressDigest(this.inventory.resolve(host)) === address;
    } catch (error) {
      if (error instanceof UserError) return false;
      throw error;
    }
  }
}

const GONE =
  "Put the name back. If the machine is gone for good, take its resources out of the state: " +
  "pulumi state delete 'URN', of those that \"pulumi stack --show-urns\" lists.";
