import type { Combination, Problem } from "../kinds/kind";
import type { RuntimeKind } from "../kinds/runtime-kind";
import { type Host, nameOf } from "./inventory";
import { type Properties, readInputs } from "./state";

/**
 * What objects of one host cannot have, among those that the program declares in this run: what only one can have, such as a file of its
 * own, and what no host can have all at once.
 */
export class ExclusiveThings {
  readonly #holders = new Map<string, string>();
  readonly #combined = new Map<string, Set<string>>();

  /** Notes what the object of these inputs has. Returns why it cannot: objects that were declared before. */
  declare(kind: RuntimeKind, inputs: Properties): Problem[] {
    const { host, desired, resource } = readInputs(kind, inputs);
    return [...this.#declareOwn(kind, host, desired, resource), ...this.#declareCombined(kind, host, desired)];
  }

  #declareOwn(kind: RuntimeKind, host: Host, desired: object, resource: string | undefined): Problem[] {
    const object = `${kind.name} ${kind.key(desired)}`;
    return kind.exclusive(desired).flatMap(({ property, thing, isOfOneResource }) => {
      const holder = isOfOneResource && resource !== undefined ? `the ${kind.name} ${resource}` : object;
      const key = `${thing} on ${nameOf(host)}`;
      const other = this.#holders.get(key) ?? holder;
      this.#holders.set(key, other);
      if (other === holder) return [];
      const reason = `would be ${key}, and that is the one of ${other}: give one of the two another "${property}"`;
      return [{ property, reason }];
    });
  }

  #declareCombined(kind: RuntimeKind, host: Host, desired: object): Problem[] {
    return kind.combines(desired).flatMap(({ property, thing, of }) => {
      const there = this.#combinedOn(nameOf(host), of).add(thing);
      if (there.size < of.things.length) return [];
      const others = of.things.filter((other) => other !== thing);
      const reason = `cannot be ${thing} where ${nameOf(host)} has ${others.join(" and ")}: ${of.why}`;
      return [{ property, reason }];
    });
  }

  #combinedOn(host: string, { things }: Combination): Set<string> {
    const key = `${things.join(", ")} on ${host}`;
    const there = this.#combined.get(key) ?? new Set();
    this.#combined.set(key, there);
    return there;
  }
}
