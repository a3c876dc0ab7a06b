import { createDirectory, createdFrom, removeCreatedDirectory, useOf } from "../../dialects/created-directory";
import type { Facts } from "../../facts/fact";
import { dropOriginal, originalState, recordOriginal } from "../../facts/files/original-state";
import { pathState } from "../../facts/files/path-state";
import { writeAdvice } from "../../file-step";
import { parentOf } from "../../model/path";
import { describeCommand, describeStep, type Step } from "../../step";
import { defineKind } from "../define-kind";
import { contentOf, withDigest } from "./content";
import { type FileSeen, fileLook, type RegularFile } from "./facts";
import { keptPath } from "./kept";
import { mayCutOff } from "./options";
import { isLastIn, originalAt } from "./original";
import { CONTENT, OBSERVED } from "./properties";
import { refuseToRestore, replaceable } from "./refuse";
import { forgetSteps, restoreStep, tellSteps } from "./restore";
import { type HostFile, file as schema, type WantedFile } from "./schema";
import { isRead, keepStep, validatesInPlace, writeStep } from "./write";

type Change =
  | { readonly op: "record" | "write"; readonly want: WantedFile }
  | { readonly op: "tell"; readonly path: string; readonly unit: string | undefined }
  /** The change has ended. Of a file that is not there, it is not known yet whether an earlier one was begun: `endBegun`. */
  | { readonly op: "end" | "endBegun"; readonly path: string }
  | { readonly op: "restore"; readonly path: string; readonly reload: string | undefined }
  /** Nobody needs the copy any more. */
  | { readonly op: "forget"; readonly path: string }
  /** Its folder has no file of ours any more. */
  | { readonly op: "leaveFolder"; readonly path: string };

/** A whole file. A destroy puts back what was there before. */
export const fileKind = defineKind<WantedFile, HostFile, FileSeen, Change>({
  name: "File",
  schema: schema.transform(withDigest),
  identity: ["path"],
  observedProperties: OBSERVED,
  confidential: { properties: [...CONTENT, "sha256"], isSecret: ({ secret }) => secret },
  key: ({ path }) => path,
  exclusive: ({ path }) => [{ property: "path", thing: path, isOfOneResource: true }],
  commands: ({ path, mode, owner, group, validate, reload }) => [
    `write ${path}: ${mode} ${owner}:${group}`,
    ...(validate.length > 0 ? [describeCommand({ run: validate as [string, ...string[]] })] : []),
    ...tellSteps(path, reload).map(describeStep),
  ],
  facts,
  observe,
  // What is not on record is not ours, whoever made it.
  observeOwn: (seen, want) => (originalAt(want.path, seen) === undefined ? undefined : own(seen, want)),
  plan,
  render,
  cleanup,
  lockoutProblem: ({ path, allowCuttingOff }) =>
    allowCuttingOff || !mayCutOff(path) ? undefined : { property: "path", reason: CUTS_OFF },
  advice: [
    ...writeAdvice,
    {
      when: /chown: invalid (?:user|group|spec)/,
      say: "The host has no such user or group: the package of the program makes it, so let this file depend on a Package.",
    },
    { when: /failed to run command.*No such file/, say: "The host has no such program: install its package first." },
  ],
});

const CUTS_OFF =
  "may cut off our SSH access to the host, now or at its next boot: set allowCuttingOff: true if you have another way in, such as a console";

function facts({ path, sha256 }: WantedFile): Facts<FileSeen> {
  return {
    look: fileLook(path, sha256, keptPath(path)),
    folder: pathState(parentOf(path)),
    before: originalState,
  };
}

/** Undefined where there is no file. */
function observe(seen: FileSeen, want: WantedFile): HostFile | undefined {
  const { place } = seen.look;
  return place.state === "file" ? { ...own(seen, want), ...stateOf(place, want) } : undefined;
}

/** What is ours of it, also where somebody has removed it. */
function own(seen: FileSeen, want: WantedFile): HostFile {
  const { path, sha256, mode, owner, group, reload } = want;
  const original = originalAt(path, seen);
  const before = original === "file" ? keptPath(path) : original;
  return {
    ...{ path, sha256, mode, owner, group },
    loaded: !seen.look.isBegun,
    ...(before !== undefined && { before }),
    reload,
  };
}

function stateOf(
  { mode, uid, gid, owner, group, sha256 = "", text }: RegularFile,
  want: WantedFile,
): Pick<HostFile, "sha256" | "mode" | "owner" | "group"> {
  const isNumber = (name: string) => /^\d+$/.test(name);
  return {
    ...(sha256 === want.sha256 ? {} : text === undefined ? NO_CONTENT : contentOf(text, want)),
    sha256,
    mode,
    owner: isNumber(want.owner) ? uid : owner,
    group: isNumber(want.group) ? gid : group,
  };
}

const NO_CONTENT = { content: undefined, contentBase64: undefined };

export function plan(want: WantedFile | undefined, have: HostFile | undefined): readonly Change[] {
  if (want === undefined) {
    return have?.before === undefined ? [] : [{ op: "restore", path: have.path, reload: have.reload }];
  }
  const { path, reload } = want;
  const isAsWanted =
    have !== undefined && (["sha256", "mode", "owner", "group"] as const).every((name) => have[name] === want[name]);
  const isEnded = have?.loaded !== false;
  const isWritten = isAsWanted && (isEnded || !validatesInPlace(want));
  const isBegun = !isWritten || !isEnded;
  return [
    ...(have?.before === undefined ? [{ op: "record", want } as const] : []),
    ...(isWritten ? [] : [{ op: "write", want } as const]),
    ...(isBegun && isRead(want) ? [{ op: "tell", path, unit: reload } as const] : []),
    ...((isBegun && isRead(want)) || !isEnded ? [{ op: "end", path } as const] : []),
    ...(have === undefined && !isRead(want) ? [{ op: "endBegun", path } as const] : []),
  ];
}

function render(change: Change, seen: FileSeen): readonly Step[] {
  switch (change.op) {
    case "record":
      return recordSteps(change.want, seen);
    case "write": {
      const { want } = change;
      const was = replaceable(want, seen);
      const folder = parentOf(want.path);
      return [
        ...createDirectory("File", folder, seen.folder, seen.before),
        writeStep(want, was, useOf(folder, seen.folder, seen.before)),
      ];
    }
    case "tell":
      return tellSteps(change.path, change.unit);
    case "end":
      return forgetSteps(change.path, "marks");
    case "endBegun":
      return seen.look.isBegun ? forgetSteps(change.path, "marks") : [];
    case "restore":
      return restoreSteps(change.path, change.reload, seen);
    case "forget":
      return forgetSteps(change.path, "copy");
    case "leaveFolder":
      return removeCreatedDirectory("File", parentOf(change.path), seen.before);
  }
}

/** The copy comes first: a record of a file without its copy could not be put back. */
function recordSteps(want: WantedFile, seen: FileSeen): readonly Step[] {
  const { path } = want;
  const was = replaceable(want, seen);
  if (originalAt(path, seen) !== undefined) return [];
  const record = recordOriginal("File", path, { was: was === undefined ? "missing" : "file" });
  return was === undefined ? [record] : [keepStep(path), record];
}

/** The record goes before the copy: a record without a copy would be one whose copy is lost. */
function restoreSteps(path: string, reload: string | undefined, seen: FileSeen): readonly Step[] {
  const wasThere = originalAt(path, seen) === "file";
  const { isKept, isBegun } = seen.look;
  refuseToRestore(path, seen, wasThere);
  return [
    restoreStep(path, wasThere),
    ...tellSteps(path, reload),
    dropOriginal("File", path),
    ...(isKept || isBegun ? forgetSteps(path, "copy") : []),
    ...(isLastIn(path, seen) ? removeCreatedDirectory("File", parentOf(path), seen.before) : []),
  ];
}

/** What is on record of a file that somebody has removed, a copy without its record, and a folder that we made. */
function cleanup(seen: FileSeen, { path, reload }: WantedFile): readonly Change[] {
  const isLeft = createdFrom(seen.before, "File", parentOf(path)) !== undefined && isLastIn(path, seen);
  const isForgotten = originalAt(path, seen) === undefined;
  return [
    ...(isForgotten ? [] : [{ op: "restore", path, reload } as const]),
    ...(isForgotten && (seen.look.isKept || seen.look.isBegun) ? [{ op: "forget", path } as const] : []),
    ...(isLeft ? [{ op: "leaveFolder", path } as const] : []),
  ];
}
