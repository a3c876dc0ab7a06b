import { type Host, nameOf } from "./inventory";
import type { Place } from "./place";

/** Keys that the provider processes of one run tell each other. */
export interface SharedKeys {
  readonly add: (keys: readonly string[]) => void;
  readonly has: (key: string) => boolean;
}

/** A host on which this run owns an object. */
export interface OwnedOn {
  readonly host: Host;
  /** Where the object is, if it is known. */
  readonly place: Place | undefined;
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
    for (const object of objects) this.#declared.add(sharedKey(object, nameOf(host)));
  }

  /** Found unchanged in this run: owned, if the program declares it. */
  confirm(objects: readonly string[], on: OwnedOn): void {
    const isDeclared = (object: string) => this.#declared.has(sharedKey(object, nameOf(on.host)));
    this.claim(objects.filter(isDeclared), on);
  }

  /** Created or updated in this run. */
  claim(objects: readonly string[], on: OwnedOn): void {
    for (const object of objects) {
      const hosts = this.#owned.get(object) ?? new Map<string, OwnedOn>();
      this.#owned.set(object, hosts.set(nameOf(on.host), on));
    }
  }

  /** For the other provider processes: when a provider is replaced, the old one does its deletes. `machine` tells it from all others. */
  publish(objects: readonly string[], host: Host, machine: string): void {
    this.shared?.add(objects.flatMap((object) => [sharedKey(object, nameOf(host)), sharedKey(object, machine)]));
  }

  owns(object: string, host: Host): boolean {
    return (
      this.#owned.get(object)?.has(nameOf(host)) === true || this.shared?.has(sharedKey(object, nameOf(host))) === true
    );
  }

  /** Whether another provider process owns it on this machine. */
  isPublished(object: string, machine: string): boolean {
    return this.shared?.has(sharedKey(object, machine)) === true;
  }

  /** By the names of other hosts, which may be names of the same machine. */
  elsewhere(object: string, host: Host): readonly OwnedOn[] {
    return [...(this.#owned.get(object) ?? [])].filter(([name]) => name !== nameOf(host)).map(([, on]) => on);
  }
}

function sharedKey(object: string, host: string): string {
  return `${object} on ${host}`;
}
