import { execFile } from "node:child_process";
import { userInfo } from "node:os";
import { promisify } from "node:util";
import type { Found } from "../../../../provider/host/ssh/config/found";

const run = promisify(execFile);
/** As ssh finds it. */
export const HOME = userInfo().homedir;

/** What ssh itself makes of it, in our words. */
export async function bySsh(path: string, host: string): Promise<object> {
  const { stdout } = await run("ssh", ["-G", "-F", path, host]);
  const lines = stdout.split("\n").map((line) => {
    const at = line.indexOf(" ");
    const [keyword, value] = [line.slice(0, at), line.slice(at + 1)];
    // Of this one alone, it expands nothing.
    return [keyword, keyword === "globalknownhostsfile" ? value : value.replaceAll("~", HOME)] as const;
  });
  const all = (name: string) => lines.filter(([keyword]) => keyword === name).map(([, value]) => value);
  const [identities, agent] = [all("identityfile"), all("identityagent")[0]];
  return {
    host: all("hostname")[0],
    port: Number(all("port")[0]),
    user: all("user")[0],
    identityFiles: identities.includes(`${HOME}/.ssh/id_ecdsa_sk`)
      ? undefined
      : identities.filter((id) => id !== "none"),
    identitiesOnly: all("identitiesonly")[0] === "yes",
    agent,
    jumps: all("proxyjump")[0],
    userKnownHosts: all("userknownhostsfile")[0],
    globalKnownHosts: all("globalknownhostsfile")[0],
    hostKeyAlias: all("hostkeyalias")[0],
    hashKnownHosts: all("hashknownhosts")[0] === "yes",
    hostKeyCheck: all("stricthostkeychecking")[0] === "accept-new" ? "accept-new" : "strict",
    requiredRsaSize: Number(all("requiredrsasize")[0]),
    connectTimeout: all("connecttimeout")[0] === "none" ? undefined : Number(all("connecttimeout")[0]),
    family: { any: 0, inet: 4, inet6: 6 }[all("addressfamily")[0] ?? ""],
  };
}

export function asSshSays({ certificateFiles: _c, hostKeyAlgorithms: _h, jumps, ...found }: Found): object {
  const known = [".ssh/known_hosts", ".ssh/known_hosts2"].map((name) => `${HOME}/${name}`);
  const global = ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"];
  return {
    ...found,
    jumps:
      jumps.length === 0
        ? undefined
        : jumps
            .map(
              ({ user, host, port }) =>
                `${user === undefined ? "" : `${user}@`}${host}${port === undefined ? "" : `:${port}`}`,
            )
            .join(","),
    userKnownHosts: (found.userKnownHosts ?? known).join(" "),
    globalKnownHosts: (found.globalKnownHosts ?? global).join(" "),
  };
}
