import type { z } from "zod";
import type { Fact, FactValues } from "../facts/fact";
import type { Desire } from "../facts/files/owners";
import type { Needs } from "../facts/programs";
import type { Advice, Step } from "../step";
import type { Endpoint, Exclusive, Holder, Ingredient, Problem } from "./kind";

/** A kind as the engine sees it: its records are opaque, and come from its own schema or observation. */
export interface RuntimeKind {
  readonly name: string;
  readonly identity: readonly string[];
  readonly observedProperties: readonly string[];
  readonly renamed: Readonly<Record<string, string>>;
  readonly advice: readonly Advice[];
  readonly needs: Needs;
  readonly schema: z.ZodType;
  readonly parse: (written: object) => z.ZodSafeParseResult<object>;
  readonly key: (record: object) => string;
  readonly commands: (record: object) => readonly string[];
  readonly owns: (record: object) => readonly (readonly [kind: string, key: string])[];
  readonly conflictsWith: (olds: object, news: object) => boolean;
  readonly exclusive: (record: object) => readonly Exclusive[];
  readonly combines: (record: object) => readonly Ingredient[];
  /** A host with such an object is a director. */
  readonly isDirectors: boolean;
  readonly holder?: Holder<object>;
  readonly lockoutProblem?: (record: object, reachedAt: Endpoint) => Problem | undefined;
  /** Several resources may need the same object: each is one of its owners. */
  readonly isShared: boolean;
  readonly partialBy: string | undefined;
  readonly wholeMaps: readonly string[];
  /** The setting that names what keeps an object for the next boot. */
  readonly keptBy: string | undefined;
  /** Properties that may be secrets: no message shows their values. */
  readonly confidential: readonly string[];
  readonly isSecret: (record: object) => boolean;
  /** Whether there is a plan from the observed to the desired record. */
  readonly differs: (desired: object, observed: object) => boolean;
  readonly reconcilable: (target: Target) => Reconcilable;
}

/** A kind, with its types for its own tests and without them for the engine. */
export interface DefinedKind {
  readonly name: string;
  readonly runtime: RuntimeKind;
}

/** The desired state of one object; undefined: absent. */
export interface Target {
  readonly desired: object | undefined;
  /** Identity and settings: the desired record, or for a removal the last known one. */
  readonly subject: object;
  /** The record that earlier runs observed after their last change. */
  readonly lastApplied: object | undefined;
  /** What the last run wanted: it may have been cut, and the host may have some of it. */
  readonly lastRequested?: object | undefined;
  /** The resource, as the records of a host name it. Undefined in states of earlier versions. */
  readonly resource?: string | undefined;
  /** Of a removal: the object is another resource's by now, and all that goes is this one's name on the host's record. */
  readonly hasSuccessor?: true;
}

/** `observe` plans nothing. `drain` plans for the interim state, where the change needs one, and else for the desired state. */
export type Phase = "observe" | "drain" | "change" | "cleanup";

/** One object of a kind on one host. */
export interface Reconcilable {
  readonly facts: readonly Fact<unknown>[];
  /** Resources that have the object in another way, see `Kind`. */
  readonly alsoOwnedBy: (values: FactValues) => readonly string[];
  /** `others`: those that need the object as well. */
  readonly assess: (values: FactValues, phase: Phase, others?: Others) => Assessment;
}

/** Resources by name, with what each wants of an object, where that is known. */
export type Others = ReadonlyMap<string, Desire | undefined>;

/** `usual`: where no input names one. `found`: the one that has the object. */
export interface Keepers {
  readonly usual: string | undefined;
  readonly found: string | undefined;
}

/** An observation compared with the target. */
export interface Assessment {
  readonly observed: object | undefined;
  /** The same, without what cannot be of this other resource. Absent: it is one for all. */
  readonly madeBy?: (resource: string) => object | undefined;
  readonly isConverged: boolean;
  /** Throws a UserError where the kind refuses. */
  readonly steps: () => readonly Step[];
  /** Of the phase `drain`: what to wait for once the interim state is there. */
  readonly draining?: Draining;
  /** Whether the phase `cleanup` would change something. */
  readonly hasLeftovers: () => boolean;
  /** Whether the host's record has a change that was begun, and maybe not ended. */
  readonly isBegun: boolean;
  /** Which of the host's programs keep objects of this sort for the next boot. Undefined: none is known. */
  readonly keepers?: () => Keepers;
  /** For the operator: why an object stays that was to be removed, or who wants another state of it. */
  readonly why?: string;
}

/** A wait for connections to end. Times in seconds. */
export interface Draining {
  readonly facts: readonly Fact<unknown>[];
  readonly remaining: (values: FactValues) => number;
  readonly canEnd: (values: FactValues) => boolean;
  readonly timeout: number;
  readonly pollInterval: number;
}
