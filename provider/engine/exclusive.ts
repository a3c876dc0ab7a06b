import type { Problem } from "../kinds/kind";
import type { RuntimeKind } from "../kinds/runtime-kind";
import { nameOf } from "./inventory";
import { type Properties, readInputs } from "./state";

/** What only one object of a host can have, such as a file of its own, among the objects that the program declares in this run. */
export class ExclusiveThings {
  readonly #holders = new Map<string, string>();

  /** Notes what the object of these inputs has. Returns why it cannot: another object declared the same before. */
  declare(kind: RuntimeKind, inputs: Properties): Problem[] {
    const { host, desired } = readInputs(kind, inputs);
    const holder = `${kind.name} ${kind.key(desired)}`;
    return kind.exclusive(desired).flatMap(({ property, thing }) => {
      const key = `${thing} on ${nameOf(host)}`;
      const other = this.#holders.get(key) ?? holder;
      this.#holders.set(key, other);
      if (other === holder) return [];
      const reason = `would be ${key}, and that is the one of ${other}: give one of the two another "${property}"`;
      return [{ property, reason }];
    });
  }
}
