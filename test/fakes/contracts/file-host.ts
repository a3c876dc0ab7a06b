import { digestOf } from "../../../provider/kinds/file/content";
import { type FileLook, fileLook } from "../../../provider/kinds/file/facts";
import { keptPath } from "../../../provider/kinds/file/kept";
import { fileKind } from "../../../provider/kinds/file/kind";
import { forgetSteps, reloadStep, restoreStep } from "../../../provider/kinds/file/restore";
import type { WantedFile } from "../../../provider/kinds/file/schema";
import { keepStep, writeStep } from "../../../provider/kinds/file/write";
import { encode } from "../../../provider/model/bytes";
import { run } from "../../../provider/step";
import type { Contract } from "./contract";

interface Seen {
  readonly look: FileLook;
}

export const PATH = "/etc/contract/a.conf";
export const UNIT = "sample-file.service";
export const OLD = "old café\n";
const GOOD = "good\n";
const BAD = "bad\n";
const BEFORE = ["sh", "-c", '! grep bad "$0"', "{}"];
const IN_PLACE = ["sh", "-c", `! grep bad ${PATH}`];

/** Files, as FakeFileHost has them. There is one of an operator's, and a unit that runs and reads it. */
export const fileHost: Contract<Seen> = {
  name: "FakeFileHost",
  host: "web1",
  reset: `mkdir -p /etc/contract; rm -rf /etc/contract/* /var/lib/pulumi-lvs/files
printf 'old café\\n' >${PATH}; chown www-data:adm ${PATH}; chmod 640 ${PATH}
printf '[Service]\\nExecStart=/bin/sleep 10000\\nExecReload=/bin/true\\n' >/usr/lib/systemd/system/${UNIT}
systemctl daemon-reload; systemctl start ${UNIT}`,
  facts: { look: fileLook(PATH, "", keptPath(PATH)) },
  advice: fileKind.advice ?? [],
  scenarios: [
    {
      name: "a file is copied, replaced with its mode and owner, and put back with its own",
      steps: [
        {
          step: keepStep(PATH),
          seen: { look: look(OLD, { isKept: true, mode: "0640", owner: "www-data", group: "adm" }) },
        },
        {
          step: write({ content: GOOD, group: "adm" }, OLD),
          seen: { look: look(GOOD, { isKept: true, group: "adm" }) },
        },
        {
          step: write({ contentBase64: "AMOp", mode: "0600" }, GOOD),
          seen: { look: look("\0é", { isKept: true, mode: "0600" }) },
        },
        {
          step: restoreStep(PATH, true),
          seen: { look: look(OLD, { isKept: true, mode: "0640", owner: "www-data", group: "adm" }) },
        },
        ...all(forgetSteps(PATH, "copy"), { look: look(OLD, { mode: "0640", owner: "www-data", group: "adm" }) }),
      ],
    },
    {
      name: "a file that is not there is made, and removed",
      steps: [
        { step: run("rm", "--", PATH), seen: { look: missing() } },
        { step: write({ content: GOOD }, undefined), seen: { look: look(GOOD) } },
        { step: restoreStep(PATH, false), seen: { look: missing() } },
        { step: restoreStep(PATH, false), seen: { look: missing() } },
      ],
    },
    {
      name: "a file that is not as it was seen is not replaced",
      steps: [
        {
          step: write({ content: GOOD }, GOOD),
          fails: { code: 75, stderr: `${PATH} was changed by somebody else meanwhile` },
          seen: { look: look(OLD, { mode: "0640", owner: "www-data", group: "adm" }) },
        },
      ],
    },
    {
      name: "what is not valid before it has its place does not get there",
      steps: [
        { step: write({ content: GOOD, validate: BEFORE }, OLD), seen: { look: look(GOOD) } },
        {
          step: write({ content: BAD, validate: BEFORE, reload: UNIT }, GOOD),
          fails: { code: 1, stderr: `${notValid(BEFORE)}\nbad` },
          seen: { look: look(GOOD) },
        },
        {
          step: write({ content: BAD, validate: BEFORE, secret: true }, GOOD),
          fails: {
            code: 1,
            stderr: `${notValid(BEFORE)}\n(what it says is not shown, as the content of the file is a secret)`,
          },
          seen: { look: look(GOOD) },
        },
      ],
    },
    {
      name: "what is not valid in its place is not there any more, whether or not there was a file before",
      steps: [
        { step: write({ content: GOOD, validate: IN_PLACE }, OLD), seen: { look: look(GOOD) } },
        {
          step: write({ content: BAD, validate: IN_PLACE, reload: UNIT }, GOOD),
          fails: { code: 1, stderr: `${notValid(IN_PLACE)}\nbad` },
          seen: { look: look(GOOD) },
        },
        { step: run("rm", "--", PATH) },
        {
          step: write({ content: BAD, validate: IN_PLACE }, undefined),
          fails: { code: 1, stderr: `${notValid(IN_PLACE)}\nbad` },
          seen: { look: missing() },
        },
      ],
    },
    {
      name: "a change for a unit is begun until the unit has been told; one that does not run needs no telling",
      steps: [
        { step: write({ content: GOOD, reload: UNIT }, OLD), seen: { look: look(GOOD, { isBegun: true }) } },
        { step: reloadStep(UNIT), seen: { look: look(GOOD, { isBegun: true }) } },
        ...all(forgetSteps(PATH, "marks"), { look: look(GOOD) }),
        { step: reloadStep("sample-missing.service") },
      ],
    },
    {
      name: "a unit or an owner that is not there is an error, and nothing is changed",
      steps: [
        {
          step: write({ content: GOOD, reload: "sample-missing.service" }, OLD),
          fails: {
            code: 1,
            stderr:
              "this host has no unit sample-missing.service: install its package first, with a Package, and let this file depend on it",
          },
          seen: { look: look(OLD, { mode: "0640", owner: "www-data", group: "adm" }) },
        },
      ],
    },
  ],
};

function write(args: Partial<WantedFile>, was: string | undefined) {
  const want = { path: PATH, sha256: "", mode: "0644", owner: "root", group: "root", createPath: true } as const;
  const { place } = was === undefined ? missing() : look(was);
  const all: WantedFile = { ...want, validate: [], secret: false, allowCuttingOff: false, ...args };
  return writeStep(all, place.state === "file" ? place : undefined);
}

type Seem = Partial<Pick<FileLook, "isBegun" | "isKept"> & Readonly<Record<"mode" | "owner" | "group", string>>>;

function look(text: string, { isBegun = false, isKept = false, ...stat }: Seem = {}): FileLook {
  const bytes = encode(text);
  const { mode = "0644", owner = "root", group = "root" } = stat;
  const ids: Readonly<Record<string, string>> = { root: "0", adm: "4", "www-data": "33" };
  const [uid = "", gid = ""] = [ids[owner], ids[group]];
  const place = { state: "file", mode, uid, gid, owner, group, names: 1, size: bytes.length, text } as const;
  return { place: { ...place, sha256: digestOf(bytes) }, isBegun, isKept };
}

function missing(): FileLook {
  return { place: { state: "missing" }, isBegun: false, isKept: false };
}

function all(steps: ReturnType<typeof forgetSteps>, seen: Seen) {
  return steps.map((step) => ({ step, seen }));
}

function notValid(words: readonly string[]): string {
  return `${PATH} is as it was: its new content is not valid. ${words.join(" ")} ended with exit code 1:`;
}
