import type { RuntimeKind } from "../kinds/runtime-kind";
import { pick } from "../model/own-value";
import { secretOf } from "./hosts/secret";
import type { Properties } from "./state";

/** Properties as Pulumi stores them: what may be a secret, in outputs also as it is wanted, is one where the record says so. */
export function asStored(kind: RuntimeKind, properties: Properties): Properties {
  if (kind.confidential.length === 0) return properties;
  const known = pick(properties, () => true);
  if (!kind.isSecret(known)) return { ...known, host: properties.host };
  const isConfidential = (name: string) => name === "__wanted" || kind.confidential.includes(name);
  const stored = Object.entries(known).map(([name, value]): [string, unknown] => [
    name,
    isConfidential(name) ? secretOf(value) : value,
  ]);
  return { ...Object.fromEntries(stored), host: properties.host };
}
