import * as pulumi from "@pulumi/pulumi";
import type { Host } from "./connection";

/**
 * The code that Pulumi keeps in the state of each resource, and runs again for a refresh or a destroy: it fetches the installed
 * package by name, so an upgrade reaches existing resources. Never changes: old states hold it.
 */
export function providerText(kind: string): string {
  return `exports.handler = () => require("pulumi-lvs/runtime").${kind};`;
}

/** What every resource's arguments have. */
interface Hosted {
  readonly host: pulumi.Input<Host>;
}

/** The base of all resources: a dynamic resource, made without the SDK's function serializer. */
export abstract class HostResource extends pulumi.CustomResource {
  protected constructor(
    kind: string,
    name: string,
    args: Hosted,
    outputs: readonly string[],
    opts?: pulumi.CustomResourceOptions,
  ) {
    // A property becomes an output only where the constructor names it.
    const seeds = Object.fromEntries(outputs.map((output) => [output, undefined]));
    const props = { ...seeds, ...args, host: sealed(args.host), __provider: providerText(kind) };
    super(typeToken(kind), name, props, opts);
  }
}

export function typeToken(kind: string): string {
  return `pulumi-nodejs:dynamic/lvs:${kind}`;
}

/** A connection may hold a password or a key: the state has it encrypted, as a whole. A name is no secret. */
function sealed(host: pulumi.Input<Host>): pulumi.Output<Host> {
  const known = pulumi.output(host) as pulumi.Output<Host>;
  return known.apply(
    (said): pulumi.Output<Host> => (typeof said === "string" ? pulumi.output(said) : pulumi.secret(said)),
  );
}
