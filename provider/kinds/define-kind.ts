import type { z } from "zod";
import { type Fact, type FactValues, listFacts, readFacts } from "../facts/fact";
import type { Advice, Step } from "../step";
import type { Drain, Endpoint, Exclusive, Holder, Kind, Problem } from "./kind";
import { RecordedParts } from "./recorded-parts";

/** A kind as the engine sees it: its records are opaque, and come from its own schema or observation. */
export interface RuntimeKind {
  readonly name: string;
  readonly identity: readonly string[];
  readonly observedProperties: readonly string[];
  readonly renamed: Readonly<Record<string, string>>;
  readonly advice: readonly Advice[];
  readonly parse: (written: object) => z.ZodSafeParseResult<object>;
  readonly key: (record: object) => string;
  readonly commands: (record: object) => readonly string[];
  readonly owns: (record: object) => readonly (readonly [kind: string, key: string])[];
  readonly conflictsWith: (olds: object, news: object) => boolean;
  readonly exclusive: (record: object) => readonly Exclusive[];
  /** A host with such an object is a director. */
  readonly isDirectors: boolean;
  readonly holder?: Holder<object>;
  readonly lockoutProblem?: (record: object, reachedAt: Endpoint) => Problem | undefined;
  /** Several resources may need the same object: each is one of its owners. */
  readonly isShared: boolean;
  /** The records of a host have the names of its resources. */
  readonly isNamed: boolean;
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
  /** The resource, as the records of a host name it. Of kinds that they do not name it is undefined, and in states of 0.1.0. */
  readonly resource?: string | undefined;
}

/** `observe` plans nothing. `drain` plans for the interim state, where the change needs one, and else for the desired state. */
export type Phase = "observe" | "drain" | "change" | "cleanup";

/** One object of a kind on one host. */
export interface Reconcilable {
  readonly facts: readonly Fact<unknown>[];
  readonly assess: (values: FactValues, phase: Phase) => Assessment;
}

/** An observation compared with the target. */
export interface Assessment {
  readonly observed: object | undefined;
  readonly isConverged: boolean;
  /** Throws a UserError where the kind refuses. */
  readonly steps: () => readonly Step[];
  /** Of the phase `drain`: what to wait for once the interim state is there. */
  readonly draining?: Draining;
  /** Whether the phase `cleanup` would change something. */
  readonly hasLeftovers: () => boolean;
  /** Whether the host's record has a change that was begun, and maybe not ended. */
  readonly isBegun: boolean;
}

/** A wait for connections to end. Times in seconds. */
export interface Draining {
  readonly facts: readonly Fact<unknown>[];
  readonly remaining: (values: FactValues) => number;
  readonly canEnd: (values: FactValues) => boolean;
  readonly timeout: number;
  readonly pollInterval: number;
}

/** Closes over the types of a kind, so that one engine serves all of them. */
export function defineKind<Want extends object, Have extends object, Seen, Change>(
  kind: Kind<Want, Have, Seen, Change>,
): Kind<Want, Have, Seen, Change> & DefinedKind {
  return { ...kind, runtime: runtimeKind(kind) };
}

function runtimeKind<Want extends object, Have extends object, Seen, Change>(
  kind: Kind<Want, Have, Seen, Change>,
): RuntimeKind {
  const { lockoutProblem, holder } = kind;
  return {
    name: kind.name,
    identity: kind.identity,
    observedProperties: kind.observedProperties,
    renamed: kind.renamed ?? {},
    advice: kind.advice ?? [],
    parse: (written) => kind.schema.safeParse(written),
    key: (record) => kind.key(record as Want),
    commands: (record) => kind.commands(record as Want),
    owns: (record) => kind.owns?.(record as Want) ?? [],
    conflictsWith: (olds, news) => kind.conflictsWith?.(olds as Have, news as Want) ?? false,
    exclusive: (record) => kind.exclusive?.(record as Want) ?? [],
    isDirectors: kind.isDirectors ?? false,
    ...(holder && { holder: { ...holder, allow: (record) => holder.allow(record as Want) } }),
    ...(lockoutProblem && { lockoutProblem: (record, reachedAt) => lockoutProblem(record as Want, reachedAt) }),
    isShared: kind.ownedBy !== undefined,
    isNamed: kind.ownedBy !== undefined || kind.parts !== undefined,
    differs: (desired, observed) => kind.plan(desired as Want, observed as Have).length > 0,
    reconcilable: ({ desired, subject, lastApplied, lastRequested, resource }) => {
      const owned = resource === undefined ? kind : (kind.ownedBy?.(resource) ?? kind);
      const known = { applied: lastApplied as Have | undefined, requested: lastRequested as Want | undefined };
      return reconcilable(owned, desired as Want | undefined, subject as Want, known, resource);
    },
  };
}

function reconcilable<Want extends object, Have extends object, Seen, Change>(
  kind: Kind<Want, Have, Seen, Change>,
  desired: Want | undefined,
  subject: Want,
  known: { readonly applied: Have | undefined; readonly requested: Want | undefined },
  resource: string | undefined,
): Reconcilable {
  const facts = kind.facts(subject);
  const owner = { kind: kind.name, key: kind.key(subject), resource };
  const parts = kind.parts && new RecordedParts(kind.parts, owner);

  function read(values: FactValues): Seen {
    const seen = readFacts(facts, values);
    return parts === undefined ? seen : parts.read(seen, subject);
  }

  function stepsOf(changes: readonly Change[], seen: Seen, target: Want | undefined, phase: Phase): readonly Step[] {
    const steps = changes.flatMap((change) => kind.render(change, seen));
    if (parts === undefined || phase === "observe") return steps;
    return parts.around(steps, seen, target, [known.applied, known.requested]);
  }

  function drainFrom(seen: Seen) {
    if (kind.drain === undefined) return undefined;
    const have = kind.observe(seen, subject, known.applied, known.requested);
    return have && kind.drain(desired, have, subject);
  }

  function assess(values: FactValues, phase: Phase): Assessment {
    const seen = read(values);
    const drain = phase === "drain" ? drainFrom(seen) : undefined;
    const observe = desired === undefined ? (kind.observeOwn ?? kind.observe) : kind.observe;
    const observed = observe(seen, drain?.interim ?? subject, known.applied, known.requested);
    const leftovers = () => kind.cleanup?.(seen, subject) ?? [];
    const target = drain?.interim ?? desired;
    const changes = {
      observe: () => [],
      drain: () => kind.plan(target, observed),
      change: () => kind.plan(desired, observed),
      cleanup: leftovers,
    }[phase]();
    const isSettled = parts === undefined || parts.isSettled(seen, target);
    return {
      observed,
      isConverged: changes.length === 0 && (isSettled || phase === "observe"),
      steps: () => stepsOf(changes, seen, target, phase),
      hasLeftovers: () => leftovers().length > 0 || parts?.isRecorded(seen) === true,
      isBegun: !isSettled,
      ...(drain && { draining: drainingOf(drain, listFacts(facts), read) }),
    };
  }

  return { facts: listFacts(facts), assess };
}

function drainingOf<Want, Seen>(
  drain: Drain<Want, Seen>,
  facts: readonly Fact<unknown>[],
  read: (values: FactValues) => Seen,
): Draining {
  const { canEnd, remaining, timeout, pollInterval } = drain;
  return {
    facts: [...facts, ...(canEnd === undefined ? [] : [canEnd])],
    remaining: (later) => remaining(read(later)),
    canEnd: (later) => (canEnd === undefined ? true : later.get(canEnd)),
    timeout,
    pollInterval,
  };
}
