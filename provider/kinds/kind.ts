import type { z } from "zod";
import type { Fact, Facts } from "../facts/fact";
import type { OriginalState } from "../facts/files/original-state";
import type { KindsProgram } from "../facts/programs";
import type { Advice, Step } from "../step";

/**
 * A resource kind: data and pure functions. One `plan` serves previews, create, update, delete, adoption and drift.
 *
 * `Want` is the user's record with defaults filled in, `Have` the same record as observed on a host, `Seen` the values of the
 * kind's facts. Properties of `Want` that are not in `Have` are settings of ours (drain, overrides): they are never compared.
 */
export interface Kind<Want extends object, Have extends object, Seen, Change> {
  readonly name: string;
  /** Of the user's record, without `host`: refuses bad input with the property named, fills in defaults, returns canonical values. */
  readonly schema: z.ZodType<Want>;
  /** The inputs that make up the identity on the host: a change of one of them is another object. */
  readonly identity: readonly (keyof Want & string)[];
  /** The names in `Have`: what can be observed. All other inputs are settings. */
  readonly observedProperties: readonly (keyof Have & string)[];
  /** Properties that earlier versions stored under another name: old name to new name. Old states are read with the new names. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** The identity on the host: `tcp 192.0.2.10:80 -> 10.0.0.11:80`. A function of `identity` alone. */
  readonly key: (want: Want) => string;
  /** What will be done on the host, a line each, for a preview: `-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 100`. */
  readonly commands: (want: Want) => readonly string[];
  /** Facts with constant commands, so that many resources share one answer. */
  readonly facts: (want: Want) => Facts<Seen>;
  /** Files that its changes edit: they are read with the facts, because a second look is another way there and back. */
  readonly edits?: (want: Want) => readonly string[];
  /**
   * The observed record, or undefined. `lastApplied` is what earlier runs put there, where that is more than `want`; `lastRequested` what
   * the last one meant to put there.
   */
  readonly observe: (seen: Seen, want: Want, lastApplied?: Have, lastRequested?: Want) => Have | undefined;
  /** The same for a removal, without what is somebody else's. Absent: all that is observed is ours. */
  readonly observeOwn?: Kind<Want, Have, Seen, Change>["observe"];
  /** The changes that lead from `have` to `want`; empty when there is nothing to do. `want` undefined: removal. */
  readonly plan: (want: Want | undefined, have: Have | undefined) => readonly Change[];
  /** The steps of a change. `resource`: the name of the resource that wants it, if it has one. */
  readonly render: (change: Change, seen: Seen, resource?: string) => readonly Step[];
  /** After a removal: changes that remove what no other resource needs any more (an enabled unit, recorded original values). */
  readonly cleanup?: (seen: Seen, gone: Want) => readonly Change[];
  /** A change that has to wait for connections to end. See `Drain`. */
  readonly drain?: (want: Want | undefined, have: Have, settings: Want) => Drain<Want, Seen> | undefined;
  /** Why this record would cut off our own SSH session. Checked in a preview, and again before the first write. */
  readonly lockoutProblem?: (want: Want, reachedAt: Endpoint) => Problem | undefined;
  /** True when old and new cannot be on the host together, although their keys differ: then delete comes first. */
  readonly conflictsWith?: (olds: Have, news: Want) => boolean;
  /** Objects of other kinds that are part of this one, by kind and key. */
  readonly owns?: (want: Want) => readonly (readonly [kind: string, key: string])[];
  /** What no other object on the host can have, with the input that says so. Two objects of one program that want it are refused. */
  readonly exclusive?: (want: Want) => readonly Exclusive[];
  /** What this object adds to combinations that no host can have. */
  readonly combines?: (want: Want) => readonly Ingredient[];
  /** A host with such an object is a director. */
  readonly isDirectors?: true;
  /** For an object that another host may have already. */
  readonly holder?: Holder<Want>;
  /**
   * The same kind for one resource, whose name the host's records have. For objects that several resources may need at once: each owns
   * it, and the last one to go restores what was before.
   */
  readonly ownedBy?: (resource: string) => Kind<Want, Have, Seen, Change>;
  /** The setting that is false where a resource has parts of its own in an object that others have parts in: `exclusive`. */
  readonly partialBy?: keyof Want & string;
  /** Records of which a resource has all or nothing: one without it wants none. Of others, it says nothing. */
  readonly wholeMaps?: readonly (keyof Have & string)[];
  /** Of an object that stays for others who have parts of their own in it: how what is this resource's alone goes. */
  readonly release?: Release<Want, Have, Seen, Change>;
  /** Parts of an object that an update exchanges in place, and that a record on the host tells from those of others. */
  readonly parts?: Parts<Want, Have, Seen>;
  /** Other resources that have this object in another way, as the host's records say: as a part of theirs, or by another name. */
  readonly alsoOwnedBy?: (seen: Seen, want: Want) => readonly string[];
  /** What other resources want that this one takes away, for the operator, beside other wishes for the object itself. */
  readonly takes?: (seen: Seen, want: Want, resource: string) => string | undefined;
  /** Which of the host's own programs keeps an object for the next boot, where an input can name it. */
  readonly keeper?: Keeper<Want, Seen>;
  /** For an object that may be a secret. */
  readonly confidential?: Confidential<Want>;
  /** What the host must have for it, beside what each host must have. */
  readonly needs?: readonly KindsProgram[];
  /** What to do when a step of this kind fails, by its output. */
  readonly advice?: readonly Advice[];
}

/**
 * Parts of an object that an update exchanges in place, and of which nothing else on the host tells whose they are: the table of a route, the
 * source of a mount, servers of a service that others have servers in. The host's record names those of each resource before they are made,
 * since a state does not hear of what a run has begun that was killed, and may be lost.
 */
export interface Parts<Want extends object, Have extends object, Seen> {
  /** Those that are wanted, by name, each in the lines that it amounts to on the host. None: a record would tell nothing. */
  readonly of: (want: Want, seen: Seen) => ReadonlyMap<string, readonly string[]>;
  /** Whether those are all that there are: whatever there is beside them is not somebody else's. Absent: never. */
  readonly isWhole?: (want: Want) => boolean;
  /** Of these parts, those that are objects of another kind, too. */
  readonly ownedElsewhere?: (seen: Seen, want: Want, names: readonly string[]) => readonly string[];
  /** The lines of a part that the host has now, also where it is somebody else's. */
  readonly on: (seen: Seen, want: Want, name: string) => readonly string[];
  /** A state with these of its parts alone. Absent: an object has one part at a time. */
  readonly only?: (have: Have, names: readonly string[]) => Have;
  /** Their names in a state. */
  readonly in: (known: Have | Want) => readonly string[];
  readonly record: (seen: Seen) => OriginalState;
  /** The observation, with the names of the parts that the record says are ours, and with those that others have in it as well. */
  readonly with: (seen: Seen, ours: readonly string[], others: readonly string[]) => Seen;
}

/** A program that keeps objects for the next boot: a network manager, a loader of rules. */
export interface Keeper<Want, Seen> {
  /** The input that names it. */
  readonly setting: keyof Want & string;
  /** The one that is used where none is named. */
  readonly usual: (seen: Seen, want: Want) => string | undefined;
  /** The one that has the object now. */
  readonly found: (seen: Seen, want: Want) => string | undefined;
}

/** Takes the parts of one resource out of an object that others need. */
export interface Release<Want, Have, Seen, Change> {
  /** The record of what is this resource's alone. */
  readonly alone: (want: Want, seen: Seen) => Want;
  /** The changes that take it away. */
  readonly plan: (have: Have | undefined, alone: Want, seen: Seen) => readonly Change[];
}

/** A host that has an object already, so that it was refused here. */
export interface Holder<Want> {
  /** Its card, from the error that says so. */
  readonly in: (error: string) => string | undefined;
  /** The cards of a host. */
  readonly cards: Fact<readonly string[]>;
  /** Whether this package has made a host a director. */
  readonly isDirector: Fact<boolean>;
  /** The record that comes up beside that host's. */
  readonly allow: (want: Want) => Want;
}

/** A change in two phases: apply `interim`, wait for `remaining` to reach 0, apply the rest. */
export interface Drain<Want, Seen> {
  /** Another desired state of the same object, with the same facts. */
  readonly interim: Want;
  /** How many connections are left. */
  readonly remaining: (seen: Seen) => number;
  /** Read with each poll: false ends the wait, because the remaining connections can no longer end by themselves. */
  readonly canEnd?: Fact<boolean>;
  /** Seconds, 0 or more. After that the rest is applied in any case. */
  readonly timeout: number;
  /** Seconds. */
  readonly pollInterval: number;
}

/** A thing that only one object can have, `/etc/exports.d/common.exports`, and the input that names it. */
export interface Exclusive {
  readonly property: string;
  readonly thing: string;
  /** A second resource of the program for the same object is refused as well. */
  readonly isOfOneResource?: true;
}

/** Inputs and outputs that may be secrets: no message shows their values. */
export interface Confidential<Want> {
  readonly properties: readonly string[];
  /** Whether they are: then the state has them encrypted. */
  readonly isSecret: (want: Want) => boolean;
}

/** Things that a host can have some of, but not all at once. */
export interface Combination {
  readonly things: readonly string[];
  readonly why: string;
}

/** One of these things, and the input that asks for it. */
export interface Ingredient {
  readonly property: string;
  readonly thing: string;
  readonly of: Combination;
}

/** Where our own SSH session enters the host. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** An input that is refused, and why. */
export interface Problem {
  readonly property: string;
  readonly reason: string;
}
