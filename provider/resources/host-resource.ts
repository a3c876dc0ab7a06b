import * as pulumi from "@pulumi/pulumi";
import type { Host } from "./args/connection";

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

/** The base of all resources on a host. A dynamic resource of Pulumi, made without the SDK's function serializer. */
export abstract class HostResource extends pulumi.CustomResource {
  /** The host that the object is on: its name in `lvs:hosts`, or the connection, which is a secret. */
  declare readonly host: pulumi.Output<Host>;
  /** The identity of the object on its host, such as `tcp 192.168.4.5:80`. Another key is another object. Known in previews. */
  declare readonly key: pulumi.Output<string>;
  /** The commands, settings or lines that the object amounts to on the host, one an entry. For people; known in previews. */
  declare readonly commands: pulumi.Output<string[]>;

  protected constructor(
    kind: string,
    name: string,
    args: Hosted,
    outputs: readonly string[],
    opts?: pulumi.CustomResourceOptions,
  ) {
    // A property becomes an output only where the constructor names it.
    const seeds = Object.fromEntries(["key", "commands", ...outputs].map((output) => [output, undefined]));
    // By it the records of a host tell the owners of an object apart, those of other stacks, too.
    const resource = `${pulumi.getProject()}/${pulumi.getStack()}/${name}`;
    const props = {
      ...seeds,
      ...args,
      __resource: resource,
      __parents: typesOf(opts?.parent),
      host: asSecret(args.host),
      __provider: providerText(kind),
    };
    super(typeToken(kind), name, props, opts);
  }

  /** Whether a value is a resource of this class, also one that another copy of the package made. */
  static override isInstance<R extends HostResource>(
    this: { readonly prototype: R; readonly __pulumiType: string },
    value: unknown,
  ): value is R {
    return isOfType(value, this.__pulumiType);
  }
}

/** The types of a parent and its parents, as the URN of a child has them. Not as an output: a child that depends on its parent waits for itself. */
async function typesOf(parent: pulumi.Resource | undefined): Promise<string> {
  if (parent === undefined) return "";
  const urn = await new Promise<string>((resolve) => parent.urn.apply(resolve));
  const types = urn.split("::")[2] ?? "";
  return types === "pulumi:pulumi:Stack" ? "" : types;
}

/** Whether a value is a resource or component of this type, made by this copy of the package or by another one. */
export function isOfType(value: unknown, type: string): boolean {
  return typeof value === "object" && value !== null && "__pulumiType" in value && value.__pulumiType === type;
}

export function typeToken(kind: string): string {
  return `pulumi-nodejs:dynamic/lvs:${kind}`;
}

/** A connection may hold a password or a key: the state has it encrypted, as a whole. A name is no secret. */
function asSecret(host: pulumi.Input<Host>): pulumi.Output<Host> {
  const known = pulumi.output(host) as pulumi.Output<Host>;
  return known.apply(
    (value): pulumi.Output<Host> => (typeof value === "string" ? pulumi.output(value) : pulumi.secret(value)),
  );
}
