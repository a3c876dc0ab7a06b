import type { Place } from "./hosts/place";
import { type Host, nameOf } from "./inventory";

/** Keys that the provider processes of one run tell each other. */
export interface SharedKeys {
  readonly add: (keys: readonly string[]) => void;
  readonly has: (key: string) => boolean;
}

/** Who owns an object, and on which host. */
export interface Owner {
  readonly host: Host;
  /** The resource, of kinds whose objects may have several owners. */
  readonly resource: string | undefined;
}

/** A host on which this run owns an object. */
export interface OwnedOn extends Owner {
  /** Where the object is, if it is known. */
  readonly place: Place | undefined;
  /** The resource that has it in this run, by its name. */
  readonly by?: string | undefined;
}

/**
 * Objects owned by this run, by kind and key, on each host. Pulumi deletes a replaced or renamed resource last; that delete must not
 * remove an object that its successor owns, even when it was left over from an interrupted run, or has its host by another name.
 */
export class OwnedObjects {
  readonly #declared = new Set<string>();
  readonly #owned = new Map<string, Map<string, OwnedOn>>();

  constructor(private readonly shared?: SharedKeys) {}

  /** Declared by the program. Not yet owned: `destroy --run-program` declares it too. */
  declare(objects: readonly string[], host: Host): void {
    for (const object of objects) this.#declared.add(keyOf(object, { host, resource: undefined }));
  }

  /** Found unchanged in this run: owned, if the program declares it. */
  confirm(objects: readonly string[], on: OwnedOn): void {
    const isDeclared = (object: string) => this.#declared.has(keyOf(object, { ...on, resource: undefined }));
    this.claim(objects.filter(isDeclared), on);
  }

  /** Created or updated in this run. */
  claim(objects: readonly string[], on: OwnedOn): void {
    for (const object of objects) {
      const owners = this.#owned.get(object) ?? new Map<string, OwnedOn>();
      this.#owned.set(object, owners.set(keyOf(object, on), on));
    }
  }

  /** For the other provider processes: when a provider is replaced, the old one does its deletes. `machine` tells it from all others. */
  publish(objects: readonly string[], { by, ...owner }: Owner & Pick<OwnedOn, "by">, machine: string): void {
    const named = by === undefined ? [] : objects.map((object) => nameIn(object, by));
    const keys = objects.flatMap((object) => [keyOf(object, owner), keyOf(object, { ...owner, host: machine })]);
    this.shared?.add([...keys, ...named]);
  }

  /** Whether it is this resource itself that has the object in this run. */
  isBy(object: string, resource: string): boolean {
    const owners = [...(this.#owned.get(object)?.values() ?? [])];
    return owners.some(({ by }) => by === resource) || this.shared?.has(nameIn(object, resource)) === true;
  }

  owns(object: string, owner: Owner): boolean {
    const key = keyOf(object, owner);
    return this.#owned.get(object)?.has(key) === true || this.shared?.has(key) === true;
  }

  /** Whether another provider process owns it on this machine. */
  isPublished(object: string, owner: Owner, machine: string): boolean {
    return this.shared?.has(keyOf(object, { ...owner, host: machine })) === true;
  }

  /** By the names of other hosts, which may be names of the same machine. */
  elsewhere(object: string, { host, resource }: Owner): readonly OwnedOn[] {
    const owners = [...(this.#owned.get(object)?.values() ?? [])];
    return owners.filter((on) => on.resource === resource && nameOf(on.host) !== nameOf(host));
  }
}

function keyOf(object: string, { host, resource }: Owner): string {
  return `${object}${resource === undefined ? "" : ` of ${resource}`} on ${nameOf(host)}`;
}

function nameIn(object: string, resource: string): string {
  return `${object} by ${resource}`;
}
