import * as pulumi from "@pulumi/pulumi";

/** What a component asked Pulumi to make. */
export interface Registration {
  readonly name: string;
  /** `VipAlias`, without where it comes from. */
  readonly type: string;
  /** As the provider gets them. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly parent: string | undefined;
  readonly dependsOn: readonly string[];
}

/** Runs a program that makes components, without an engine: each must get `opts`. By name, in the order of the program. */
export async function registrations(
  program: (opts: pulumi.ComponentResourceOptions) => void,
): Promise<ReadonlyMap<string, Registration>> {
  const inputs = new Map<string, Record<string, unknown>>();
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs: said }) => {
      inputs.set(name, said as Record<string, unknown>);
      return { id: name, state: said as Record<string, unknown> };
    },
    call: () => ({}),
  });
  const asked: [pulumi.Resource, pulumi.ResourceTransformationArgs][] = [];
  const record: pulumi.ResourceTransformation = (args) => {
    asked.push([args.resource, args]);
    return undefined;
  };
  program({ transformations: [record] });
  const names = new Map(asked.map(([resource, { name }]) => [resource, name]));
  await Promise.all(asked.map(([{ urn }]) => valueOf(urn)));
  return new Map(
    asked.map(([, { name, type, opts }]) => {
      const { __provider: _, __resource: __, __parents: ___, ...said } = inputs.get(name) ?? {};
      const dependsOn = [opts.dependsOn ?? []].flat() as pulumi.Resource[];
      const known = {
        name,
        type: type.split(":").at(-1) ?? type,
        inputs: said,
        parent: opts.parent && names.get(opts.parent),
        dependsOn: dependsOn.map((resource) => names.get(resource) ?? "?").sort(),
      };
      return [name, known];
    }),
  );
}

/** All that has to be there before a child, however far back, itself left out. */
export function before(all: ReadonlyMap<string, Registration>, name: string): readonly string[] {
  const next = all.get(name)?.dependsOn ?? [];
  return [...new Set(next.flatMap((one) => [...before(all, one), one]))];
}

/** What an output is in the end. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}
