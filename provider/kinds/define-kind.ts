import { type Fact, type FactValues, listFacts, readFacts } from "../facts/fact";
import type { Step } from "../step";
import type { Drain, Kind } from "./kind";
import { withOwners } from "./owners";
import { RecordedParts } from "./recorded-parts";
import type { Assessment, DefinedKind, Draining, Phase, Reconcilable, RuntimeKind } from "./runtime-kind";

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
  const owned = {
    name: kind.name,
    key: (record: object) => kind.key(record as Want),
    isShared: kind.ownedBy !== undefined,
    staysForOthers: (record: object) => kind.staysForOthers?.(record as Want) ?? true,
  };
  return {
    ...owned,
    identity: kind.identity,
    observedProperties: kind.observedProperties,
    renamed: kind.renamed ?? {},
    advice: kind.advice ?? [],
    parse: (written) => kind.schema.safeParse(written),
    commands: (record) => kind.commands(record as Want),
    owns: (record) => kind.owns?.(record as Want) ?? [],
    conflictsWith: (olds, news) => kind.conflictsWith?.(olds as Have, news as Want) ?? false,
    exclusive: (record) => kind.exclusive?.(record as Want) ?? [],
    isDirectors: kind.isDirectors ?? false,
    ...(holder && { holder: { ...holder, allow: (record) => holder.allow(record as Want) } }),
    ...(lockoutProblem && { lockoutProblem: (record, reachedAt) => lockoutProblem(record as Want, reachedAt) }),
    differs: (desired, observed) => kind.plan(desired as Want, observed as Have).length > 0,
    reconcilable: (target) => {
      const { desired, subject, lastApplied, lastRequested, resource } = target;
      const one = resource === undefined ? kind : (kind.ownedBy?.(resource) ?? kind);
      const known = { applied: lastApplied as Have | undefined, requested: lastRequested as Want | undefined };
      const object = reconcilable(one, desired as Want | undefined, subject as Want, known, resource);
      return withOwners(object, owned, target);
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
