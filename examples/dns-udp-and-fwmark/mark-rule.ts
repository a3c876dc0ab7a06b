// Whole modules, not names from them: Pulumi keeps the functions below in the state, and modules by their names.
import fs from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import ssh2 from "ssh2";

/** A host of the configuration, as far as this example needs it. */
export interface Login {
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
  readonly privateKeyPath?: string;
  readonly hostKey?: string;
}

export interface MarkRuleArgs {
  readonly login: Login;
  /** Packets for this address ... */
  readonly address: string;
  /** ... and these TCP ports ... */
  readonly ports: readonly number[];
  /** ... get this mark, before IPVS sees them. */
  readonly mark: number;
}

/**
 * A rule of iptables on the director, as a unit of systemd: there now and after a boot, gone when the unit stops. One for each
 * host. Pulumi-lvs has no kind for packet filters, whose owner is usually another program; this is the least that makes the
 * example complete. A refresh does not look at it.
 */
export class MarkRule extends pulumi.dynamic.Resource {
  constructor(name: string, { login, address, ports, mark }: MarkRuleArgs, opts?: pulumi.CustomResourceOptions) {
    const match = `PREROUTING -d ${address}/32 -p tcp -m multiport --dports ${ports.join(",")}`;
    const unit = [
      "[Unit]",
      `Description=Mark ${mark} for ${address}, ports ${ports.join(" and ")}`,
      "[Service]",
      "Type=oneshot",
      "RemainAfterExit=yes",
      `ExecStart=/usr/sbin/iptables -w -t mangle -A ${match} -j MARK --set-mark ${mark}`,
      `ExecStop=/usr/sbin/iptables -w -t mangle -D ${match} -j MARK --set-mark ${mark}`,
      "[Install]",
      "WantedBy=multi-user.target",
      "",
    ].join("\n");
    // These and no more: what is in here is in the state, and a host may have a password.
    const { host, port = 22, user = "root", privateKeyPath, hostKey } = login;
    if (privateKeyPath === undefined || hostKey === undefined)
      throw new pulumi.RunError(`${host} needs privateKeyPath and hostKey in lvs:hosts or lvs:hostsFile`);
    super(provider, name, { login: { host, port, user, privateKeyPath, hostKey }, unit }, opts);
  }
}

type KnownLogin = { readonly [Field in keyof Login]-?: NonNullable<Login[Field]> };

interface Inputs {
  readonly login: KnownLogin;
  readonly unit: string;
}

const INSTALL =
  "cat > /etc/systemd/system/lvs-mark.service && systemctl daemon-reload && systemctl --quiet enable --now lvs-mark.service";
const REMOVE =
  "systemctl --quiet disable --now lvs-mark.service && rm /etc/systemd/system/lvs-mark.service && systemctl daemon-reload";

const provider: pulumi.dynamic.ResourceProvider<Inputs, Inputs> = {
  create: async (inputs) => {
    await run(inputs.login, INSTALL, inputs.unit);
    return { id: inputs.login.host, outs: inputs };
  },
  diff: (_id, was, is) => {
    const other = was.unit !== is.unit;
    return Promise.resolve({ changes: other, replaces: other ? ["unit"] : [], deleteBeforeReplace: true });
  },
  delete: (_id, { login }) => run(login, REMOVE, ""),
};

/** Runs a command on the host, and shows what it said when it fails. */
function run({ host, port, user, privateKeyPath, hostKey }: KnownLogin, command: string, input: string) {
  return new Promise<void>((resolve, reject) => {
    const client = new ssh2.Client();
    const fail = (error: Error) => {
      client.end();
      reject(error);
    };
    client.on("error", fail);
    client.on("ready", () => {
      client.exec(command, (error, channel) => {
        if (error !== undefined) {
          fail(error);
          return;
        }
        let said = "";
        channel.on("data", (text: Buffer) => {
          said += text.toString();
        });
        channel.stderr.on("data", (text: Buffer) => {
          said += text.toString();
        });
        channel.on("close", (code: number | null) => {
          if (code !== 0) {
            fail(new Error(`${command}\nended with ${String(code)} on ${host}: ${said}`));
            return;
          }
          client.end();
          resolve();
        });
        channel.end(input);
      });
    });
    client.connect({
      host,
      port,
      username: user,
      privateKey: fs.readFileSync(privateKeyPath),
      // "ssh-ed25519 AAAA...": another key ends the connection before anything is sent.
      hostVerifier: (key: Buffer) => hostKey.split(" ").includes(key.toString("base64")),
    });
  });
}
