import type { Fact } from "../../../provider/facts/fact";
import type { PathState } from "../../../provider/facts/files/path-state";
import { mountPoint, parseMountPoint } from "../../../provider/kinds/nfs-mount/facts";
import { desiredEntry } from "../../../provider/kinds/nfs-mount/find";
import { FSTAB, putEntry } from "../../../provider/kinds/nfs-mount/fstab";
import { nfsMount } from "../../../provider/kinds/nfs-mount/kind";
import { type MountChange, renderMount } from "../../../provider/kinds/nfs-mount/render";
import type { FileStep, Step } from "../../../provider/step";
import type { Contract } from "./contract";

type Mount = { readonly source: string; readonly type: string; readonly options: string } | PathState;

const PATH = "/srv/contract";

/** Without what depends on the two machines: sizes, ports and addresses. */
const mount: Fact<Mount> = {
  command: mountPoint(PATH).command,
  parse: (output) => {
    const found = parseMountPoint(output);
    if ("unmounted" in found) return found.unmounted;
    const nfs = found.nfs.filter((option) =>
      /^(?:r[ow]|sync|vers=|ac|hard|soft|noac|proto=|timeo=|retrans=|sec=)/.test(option),
    );
    return { source: found.source, type: found.type, options: `${found.flags.join(",")} - ${nfs.join(",")}` };
  },
};

const REST = "hard,proto=tcp,timeo=600,retrans=2,sec=sys";

/** mount, umount and remount of NFS, as FakeNfsClient has them. The server exports /contract/a and /contract/b to all. */
export const nfsClient: Contract<{ readonly mount: Mount }> = {
  name: "FakeNfsClient",
  host: "web1",
  reset: `umount ${PATH}
sed -i '\\:${PATH}:d' ${FSTAB}
systemctl daemon-reload
mkdir -p ${PATH}`,
  facts: { mount },
  advice: nfsMount.advice ?? [],
  scenarios: [
    {
      name: "a mount has the options of its line in fstab, and is gone after umount",
      steps: [
        { step: fstab({}), seen: { mount: { state: "empty", real: PATH } } },
        { step: step({ op: "mount" }), seen: { mount: nfs4(`rw,relatime - rw,vers=4.2,${REST}`) } },
        { step: step({ op: "unmount", path: PATH }), seen: { mount: { state: "empty", real: PATH } } },
      ],
    },
    {
      name: "options that differ from the defaults are shown",
      steps: [
        { step: fstab({ version: "4.1", options: ["ro", "nosuid", "noatime", "soft", "timeo=50", "acdirmin=31"] }) },
        {
          step: step({ op: "mount" }),
          seen: {
            mount: nfs4("ro,nosuid,noatime - ro,vers=4.1,acdirmin=31,soft,proto=tcp,timeo=50,retrans=2,sec=sys"),
          },
        },
      ],
    },
    {
      name: "noac sets the times of the attribute cache to 0, and makes writes synchronous",
      steps: [
        { step: fstab({ options: ["noac", "acdirmax=70"] }) },
        {
          step: step({ op: "mount" }),
          seen: {
            mount: nfs4(
              "rw,relatime - rw,sync,vers=4.2,acregmin=0,acregmax=0,acdirmin=0,acdirmax=0,hard,noac,proto=tcp,timeo=600,retrans=2,sec=sys",
            ),
          },
        },
      ],
    },
    {
      name: "a remount changes flags in place",
      steps: [
        { step: fstab({ options: ["rsize=8192"] }) },
        { step: step({ op: "mount" }) },
        { step: fstab({ options: ["ro", "nosuid", "noatime", "rsize=8192"] }) },
        {
          step: step({ op: "remount" }, ["ro", "nosuid", "noatime", "rsize=8192"]),
          seen: { mount: nfs4(`ro,nosuid,noatime - ro,vers=4.2,${REST}`) },
        },
      ],
    },
    {
      name: "other options need a new mount, which the same step makes",
      steps: [
        { step: fstab({}) },
        { step: step({ op: "mount" }) },
        { step: fstab({ options: ["soft"] }) },
        {
          step: step({ op: "remount" }, ["soft"]),
          seen: { mount: nfs4(`rw,relatime - rw,vers=4.2,${REST.replace("hard", "soft")}`) },
        },
      ],
    },
    {
      name: "another directory of the server is mounted anew",
      steps: [
        { step: fstab({}) },
        { step: step({ op: "mount" }) },
        { step: fstab({ source: "192.168.2.50:/contract/b" }) },
        { step: step({ op: "unmount", path: PATH }) },
        {
          step: step({ op: "mount" }),
          seen: { mount: { ...nfs4(`rw,relatime - rw,vers=4.2,${REST}`), source: "192.168.2.50:/contract/b" } },
        },
      ],
    },
    {
      name: "what is not in fstab cannot be mounted",
      steps: [{ step: step({ op: "mount" }), fails: { code: 1, stderr: `mount: ${PATH}: can't find in /etc/fstab.` } }],
    },
    {
      name: "what is not mounted cannot be unmounted",
      steps: [
        {
          step: step({ op: "unmount", path: PATH }),
          fails: { code: 32, stderr: `umount: ${PATH}: not mounted.` },
        },
      ],
    },
  ],
};

function want(input: object) {
  return nfsMount.schema.parse({ source: "192.168.2.50:/contract/a", path: PATH, ...input });
}

/** The line of fstab that the kind writes. */
function fstab(input: object): FileStep {
  const entry = desiredEntry(want(input));
  return { file: FSTAB, summary: "write the entry", edit: (text) => putEntry(text, entry) };
}

type LiveChange =
  | { readonly op: "mount" | "remount" }
  | Extract<MountChange, { readonly op: "unmount" | "removeEntry" | "keepDirectory" }>;

/** The step that the kind takes. */
function step(change: LiveChange, options: readonly string[] = []): Step {
  const full: MountChange = "path" in change ? change : { ...change, want: want({ options }) };
  const unmounted = { state: "empty", real: PATH } as const;
  const [only] = renderMount(full, {
    at: { unmounted },
    fstab: undefined,
    links: new Map(),
    before: [],
    config: new Map(),
    units: new Map(),
    missing: [],
  });
  if (only === undefined) throw new Error("the change has a step");
  return only;
}

function nfs4(options: string) {
  return { source: "192.168.2.50:/contract/a", type: "nfs4", options };
}
