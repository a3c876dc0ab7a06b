import type { z } from "zod";
import type { Fact, Facts } from "../facts/fact";
import type { Advice, Step } from "../step";

/**
 * A resource kind: data and pure functions. One `plan` serves diff, create, update, delete, adoption and drift.
 *
 * `Want` is the user's record with defaults filled in, `Have` the same record as a host told it, `Seen` the facts that the
 * kind asks for. Properties of `Want` that are not in `Have` are settings of ours (drain, overrides): they are never compared.
 */
export interface Kind<Want extends object, Have extends object, Seen, Change> {
  readonly name: string;
  /** The user's side: refuses bad input with the property named, fills in defaults, returns canonical values. Without `host`. */
  readonly schema: z.ZodType<Want>;
  /** The inputs that make up the identity on the host: a change of one of them is another object. */
  readonly identity: readonly (keyof Want & string)[];
  /** The names in `Have`: what a host can tell. All other inputs are settings. */
  readonly observedProperties: readonly (keyof Have & string)[];
  /** Who this is on its host: `tcp 192.0.2.10:80 -> 10.0.0.11:80`. A function of the identity alone. */
  readonly key: (want: Want) => string;
  /** What is done on the host, a line each, for a preview: `-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 100`. */
  readonly commands: (want: Want) => readonly string[];
  /** Properties that earlier versions stored under another name: old name to new name. Old states are read with the new names. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** What has to be asked. Constant commands, so that many resources share one answer. */
  readonly facts: (want: Want) => Facts<Seen>;
  /** The record as the host has it, or undefined. `known` is what earlier runs put there, where that is more than `want`. */
  readonly observe: (seen: Seen, want: Want, known?: Have) => Have | undefined;
  /** What has to change; empty when nothing. `want` undefined: it has to go. */
  readonly plan: (want: Want | undefined, have: Have | undefined) => readonly Change[];
  /** How. */
  readonly render: (change: Change, seen: Seen) => readonly Step[];
  /** After a delete: what is left of ours that nobody needs any more (an armed unit, recorded previous values). */
  readonly cleanup?: (seen: Seen, gone: Want) => readonly Change[];
  /** A change that must not be made at once. See `Drain`. */
  readonly drain?: (want: Want | undefined, have: Have, settings: Want) => Drain<Want, Seen> | undefined;
  /** What is wrong with this on a host that is reached so, told in `check` and again before the first write. */
  readonly lockoutProblem?: (want: Want, reachedAt: Endpoint) => Problem | undefined;
  /** True when old and new cannot be on the host together, although their keys differ: then delete comes first. */
  readonly conflictsWith?: (olds: Have, news: Want) => boolean;
  /** Objects of other kinds that are part of this one, by kind and key. */
  readonly owns?: (want: Want) => readonly (readonly [kind: string, key: string])[];
  /** What to tell the operator when a step of this kind fails, by what the host said. */
  readonly advice?: readonly Advice[];
}

/** A way from here to there in two moves: first `interim`, then wait until nothing is left, then the rest. */
export interface Drain<Want, Seen> {
  readonly interim: Want;
  /** How much is left (connections). 0: go on. */
  readonly remaining: (seen: Seen) => number;
  /** Asked with each look: whether what is left could still come to its end. Where it cannot, nobody waits for it. */
  readonly canEnd?: Fact<boolean>;
  /** Seconds. When the time is over, the rest is done all the same. */
  readonly timeout: number;
  readonly pollInterval: number;
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

/** Keeps the type parameters where a kind is written, and hides them where all kinds are listed. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a list of kinds has no common type parameters
export type AnyKind = Kind<any, any, any, any>;
