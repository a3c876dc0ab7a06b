import fc from "fast-check";
import { fileKind } from "../../provider/kinds/file/kind";
import { nfsExport } from "../../provider/kinds/nfs-export/kind";
import { nfsMount } from "../../provider/kinds/nfs-mount/kind";
import type { DefinedKind } from "../../provider/kinds/runtime-kind";
import type { LabHost } from "../../tools/lab/index";
import { Batches } from "../fakes/batching-session";
import { FakeFileHost } from "../fakes/fake-file-host";
import type { FakeHost } from "../fakes/fake-host";
import { FakeNfsClient } from "../fakes/fake-nfs-client";
import { FakeNfsServer } from "../fakes/fake-nfs-server";
import { LabResource } from "../lab/resource";

const ADDRESS = { name: "web1", connection: { host: "192.0.2.1" } } as unknown as LabHost;
const FSTAB = "proc /proc proc defaults 0 0\n";
const START = ["/", "/etc", "/srv"];

const file = (path: string) => ({ kind: fileKind, args: { path, content: "x" } }) as const;
const exported = (path: string) => ({ kind: nfsExport, args: { path, clients: { "10.0.0.1": ["ro"] } } }) as const;
const mounted = (path: string) => ({ kind: nfsMount, args: { path, source: "192.168.2.50:/x" } }) as const;

/** Objects in folders of each other. */
const OBJECTS: readonly { readonly kind: DefinedKind; readonly args: object }[] = [
  file("/srv/a/x"),
  file("/srv/a/z"),
  file("/srv/a/b/y"),
  file("/srv/a/c/d/w"),
  exported("/srv/a"),
  exported("/srv/a/c"),
  mounted("/srv/a/b/m"),
  mounted("/srv/n/m"),
  exported("/srv/n/e"),
];

/** One host with files, exports and mounts, and resources by the number of their object. */
class Tree {
  readonly files = new FakeFileHost();
  readonly #batches = new Batches();
  readonly #hosts: ReadonlyMap<DefinedKind, FakeHost>;
  readonly #resources = new Map<number, LabResource>();

  constructor() {
    const { files, directories } = this.files;
    const [server, client] = [new FakeNfsServer(), new FakeNfsClient()].map((host) =>
      Object.assign(host, { files, directories }),
    );
    files.set("/etc/fstab", FSTAB);
    this.#hosts = new Map<DefinedKind, FakeHost>([
      [fileKind, this.files],
      [nfsExport, server ?? this.files],
      [nfsMount, client ?? this.files],
    ]);
  }

  /** In one run: those that are there go, the others are made. */
  async toggle(numbers: readonly number[]): Promise<void> {
    await Promise.all(
      [...new Set(numbers)].map(async (number) => {
        const resource = this.#resources.get(number);
        if (resource === undefined) await this.#make(number);
        else {
          this.#resources.delete(number);
          await resource.destroy();
        }
      }),
    );
  }

  get made(): readonly number[] {
    return [...this.#resources.keys()];
  }

  /** That differ from those before, without what is in the tables. */
  left(): readonly string[] {
    const paths = [...this.files.directories, ...this.files.files.keys()];
    return paths.filter((path) => ![...START, "/etc/fstab"].includes(path)).sort();
  }

  async #make(number: number): Promise<void> {
    const { kind, args } = OBJECTS[number] ?? file("/srv/none");
    const host = this.#hosts.get(kind) ?? this.files;
    const resource = new LabResource(kind, ADDRESS, () => this.#batches.sessionOf(host));
    this.#resources.set(number, resource);
    await resource.up({ ...args, __resource: `app/dev/${number}` });
  }
}

async function leftAfter(...runs: readonly (readonly number[])[]): Promise<readonly string[]> {
  const tree = new Tree();
  for (const run of runs) await tree.toggle(run);
  return tree.left();
}

const [X, Z, Y, W, A, C, M, N, E] = OBJECTS.keys();

test.each([
  ["the upper one's first", [[X], [Y], [X], [Y]]],
  ["the lower one's first", [[X], [Y], [Y], [X]]],
  ["the lower one's made first, and taken away first", [[Y], [X], [Y], [X]]],
  [
    "both at once",
    [
      [X, Y],
      [Y, X],
    ],
  ],
  ["beside each other", [[Y], [W], [Y], [W]]],
  ["of an export with a file in it", [[A], [X], [A], [X]]],
  ["of two kinds beside each other", [[N], [E], [N], [E]]],
])("folders of ours in a folder of ours go with the last: %s", async (_, runs) => {
  expect(await leftAfter(...(runs as number[][]))).toEqual([]);
});

test("a directory that another object needs stays, also where it is empty", async () => {
  const tree = new Tree();
  await tree.toggle([A ?? 0]);
  await tree.toggle([X ?? 0]);
  await tree.toggle([X ?? 0]);
  expect(tree.files.directories).toContain("/srv/a");
  await tree.toggle([A ?? 0]);
  expect(tree.left()).toEqual([]);
});

test("a folder that somebody uses is theirs from then on", async () => {
  const tree = new Tree();
  await tree.toggle([X ?? 0, Z ?? 0, W ?? 0, C ?? 0, M ?? 0]);
  tree.files.files.set("/srv/a/c/theirs", "");
  await tree.toggle([X ?? 0, Z ?? 0, W ?? 0, C ?? 0, M ?? 0]);
  expect(tree.left()).toEqual(["/srv/a", "/srv/a/c", "/srv/a/c/theirs"]);
});

test("whatever comes and goes, one after the other or at once: at the end nothing is left", async () => {
  const run = fc.uniqueArray(fc.nat(OBJECTS.length - 1), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.array(run, { maxLength: 6 }), fc.nat(), async (runs, nat) => {
      const tree = new Tree();
      for (const one of runs) await tree.toggle(one);
      const last = [...tree.made];
      const at = nat % (last.length + 1);
      await tree.toggle(last.slice(0, at));
      await tree.toggle(last.slice(at));
      expect(tree.left()).toEqual([]);
    }),
    { numRuns: Number(process.env["PULUMI_LVS_LIVES"] ?? 60), seed: Number(process.env["PULUMI_LVS_SEED"] ?? 1) },
  );
});
