import * as pulumi from "@pulumi/pulumi";

/** What is known of a machine once it has booted. */
export interface Machine {
  /** Where its sshd answers. */
  readonly host: string;
  readonly port: number;
  /** As a cloud prints it on the machine's console. */
  readonly hostKey: string;
}

interface VmArgs {
  readonly machine: Machine;
  readonly privateIp: string;
}

/**
 * A stand-in for a machine from a cloud: nothing is known of it in a preview, and it takes a while to boot. Replace it by the
 * resource of your provider.
 */
export class Vm extends pulumi.dynamic.Resource {
  declare readonly host: pulumi.Output<string>;
  declare readonly port: pulumi.Output<number>;
  declare readonly hostKey: pulumi.Output<string>;
  declare readonly privateIp: pulumi.Output<string>;

  constructor(name: string, args: VmArgs) {
    super(provider, name, { args, host: undefined, port: undefined, hostKey: undefined, privateIp: undefined });
  }
}

const provider: pulumi.dynamic.ResourceProvider = {
  create: async ({ args }: { args: VmArgs }) => {
    await new Promise((booted) => setTimeout(booted, 2_000));
    const { host, port, hostKey } = args.machine;
    return { id: args.privateIp, outs: { args, host, port, hostKey, privateIp: args.privateIp } };
  },
};
