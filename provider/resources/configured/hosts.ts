import * as pulumi from "@pulumi/pulumi";
import type { Inventory } from "../../engine/inventory";
import type { Connection, Reach } from "../../model/connection";
import type * as schemas from "../../schemas";
import type { ConnectionArgs, ReachArgs } from "../args/connection";

/**
 * A host of the configuration, with the defaults filled in. It can be the `host` of a resource, which then stores it, encrypted. What may be a secret is an
 * output that Pulumi encrypts.
 */
export type ConfiguredHost = {
  readonly [Field in keyof ConnectionArgs as Exclude<
    Field,
    "password" | "privateKey" | "privateKeyPassword" | "sudoPassword" | "proxy" | "name" | "host"
  >]?: NonNullable<pulumi.Unwrap<ConnectionArgs[Field]>>;
} & {
  readonly [Field in "password" | "privateKey" | "privateKeyPassword" | "sudoPassword"]?: pulumi.Output<string>;
} & {
  readonly name: string;
  readonly host: string;
  readonly proxy?: ReachArgs;
};

/**
 * A host by its name, from `lvs:hosts` or the file of `lvs:hostsFile`, for what a program does with a host beside the resources of this package: those take
 * the name itself. Throws where there is no such host.
 *
 * ```ts
 * const { host, user } = lvs.hostNamed("director1");
 * ```
 */
export function hostNamed(name: string): ConfiguredHost {
  return fromInventory((inventory) => {
    const doubt = inventory.doubt(name);
    if (doubt !== undefined) throw new Error(doubt);
    const { origin: _, ...found } = inventory.resolve(name);
    return withSecrets(found) as ConfiguredHost;
  });
}

/** The names of all hosts of `lvs:hosts` and of the file of `lvs:hostsFile`, in their order. */
export function hostNames(): readonly string[] {
  return fromInventory((inventory) => inventory.names());
}

function fromInventory<T>(ask: (inventory: Inventory) => T): T {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a program that asks for none does not wait for it.
  const { inventory } = require("#schemas") as typeof schemas;
  try {
    // Not by pulumi.Config, which warns of the secrets that are in it.
    inventory.configure(pulumi.runtime.getConfig("lvs:hosts"), pulumi.runtime.getConfig("lvs:hostsFile"));
    return ask(inventory);
  } catch (error) {
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
  }
}

const SECRETS: readonly string[] = ["password", "privateKey", "privateKeyPassword", "sudoPassword"];

function withSecrets(found: Connection | Reach): object {
  const isSecret = (field: string) => SECRETS.includes(field);
  const entries = Object.entries(found).map(([field, value]: [string, unknown]): [string, unknown] => {
    if (field === "proxy" && typeof value === "object") return [field, withSecrets(value as Reach)];
    return [field, value !== undefined && isSecret(field) ? pulumi.secret(value) : value];
  });
  return Object.fromEntries(entries);
}
