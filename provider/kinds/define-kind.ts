import { type Fact, type FactValues, listFacts, readFacts } from "../facts/fact";
import { fileText } from "../facts/files/text";
import type { Step } from "../step";
import type { Drain, Kind } from "./kind";
import { withOwners } from "./owners";
import { RecordedParts } from "./recorded-parts";
import type { Assessment, DefinedKind, Draining, Others, Phase, Reconcilable, RuntimeKind } from "./runtime-kind";
import { withSweep } from "./strays";

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
    partialBy: kind.partialBy,
    wholeMaps: kind.wholeMaps ?? [],
    keptBy: kind.keeper?.setting,
    confidential: kind.confidential?.properties ?? [],
    identity: kind.identity,
    observedProperties: kind.observedProperties,
    schema: kind.schema,
    parse: (written: object) => kind.schema.safeParse(written),
    differs: (desired: object, observed: object) => kind.plan(desired as Want, observed as Have).length > 0,
  };
  return {
    ...owned,
    renamed: kind.renamed ?? {},
    advice: kind.advice ?? [],
    needs: { kind: kind.name, programs: kind.needs ?? [] },
    commands: (record) => kind.commands(record as Want),
    owns: (record) => kind.owns?.(record as Want) ?? [],
    conflictsWith: (olds, news) => kind.conflictsWith?.(olds as Have, news as Want) ?? false,
    exclusive: (record) => kind.exclusive?.(record as Want) ?? [],
    combines: (record) => kind.combines?.(record as Want) ?? [],
    isDirectors: kind.isDirectors ?? false,
    isSecret: (record) => kind.confidential?.isSecret(record as Want) ?? false,
    ...(holder && { holder: { ...holder, allow: (record) => holder.allow(record as Want) } }),
    ...(lockoutProblem && { lockoutProblem: (record, reachedAt) => lockoutProblem(record as Want, reachedAt) }),
    reconcilable: (target) => {
      const { desired, subject, lastApplied, lastRequested, resource } = target;
      const one = resource === undefined ? kind : (kind.ownedBy?.(resource) ?? kind);
      const known = { applied: lastApplied as Have | undefined, requested: lastRequested as Want | undefined };
      const object = reconcilable(one, desired as Want | undefined, subject as Want, known, resource);
      return withSweep(withOwners(object, owned, target), target);
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

  const read = (values: FactValues, others: Others): Seen =>
    parts === undefined ? readFacts(facts, values) : parts.read(readFacts(facts, values), subject, others);

  function assess(values: FactValues, phase: Phase, others: Others = new Map()): Assessment {
    const seen = read(values, others);
    const stays = desired === undefined && others.size > 0;
    const release = stays && releases(kind, { parts, subject, seen }, others) ? kind.release : undefined;
    const of = release === undefined ? subject : release.alone(subject, seen);
    const drain = phase === "drain" && (!stays || release !== undefined) ? drainFrom(seen, of) : undefined;
    const observe = desired === undefined ? (kind.observeOwn ?? kind.observe) : kind.observe;
    const observed = observe(seen, drain?.interim ?? of, known.applied, known.requested);
    const leftovers = () => (stays ? [] : (kind.cleanup?.(seen, subject) ?? []));
    const target = drain?.interim ?? desired;
    const removal = () => (stays ? (release?.plan(observed, of, seen) ?? []) : kind.plan(undefined, observed));
    const change = (to: Want | undefined) => (to === undefined ? removal() : kind.plan(to, observed));
    const changes = {
      observe: () => [],
      drain: () => change(target),
      change: () => change(desired),
      cleanup: leftovers,
    }[phase]();
    // Where nothing is left to be taken away, what nobody needs any more goes in the same script.
    const isGone = desired === undefined && drain === undefined && phase !== "observe" && changes.length === 0;
    const isSettled = parts === undefined || parts.isSettled(seen, target, stays);
    const around = (steps: readonly Step[]) =>
      parts === undefined || phase === "observe"
        ? steps
        : parts.around(steps, seen, target, { known: [known.applied, known.requested], stays });
    return {
      observed,
      ...(parts && { madeBy: (other: string) => observed && parts.madeBy(other, observed, seen, subject) }),
      ...forOperator(kind, seen, subject, resource),
      isConverged: changes.length === 0 && (isSettled || phase === "observe"),
      steps: () => around((isGone ? leftovers() : changes).flatMap((change) => kind.render(change, seen, resource))),
      hasLeftovers: () => leftovers().length > 0 || parts?.isRecorded(seen) === true,
      isBegun: !isSettled,
      ...(drain && { draining: drainingOf(drain, listFacts(facts), (later) => read(later, others)) }),
    };
  }

  function drainFrom(seen: Seen, of: Want) {
    if (kind.drain === undefined) return undefined;
    const have = kind.observe(seen, of, known.applied, known.requested);
    return have && kind.drain(desired, have, of);
  }

  const alsoOwnedBy = (values: FactValues) => kind.alsoOwnedBy?.(readFacts(facts, values), subject) ?? [];
  return { facts: [...listFacts(facts), ...(kind.edits?.(subject) ?? []).map(fileText)], alsoOwnedBy, assess };
}

/** Whether a removal that leaves the object to others takes away what none of them needs. Of one who may have all of it, it stays whole. */
function releases<Want extends object, Have extends object, Seen, Change>(
  { release, partialBy }: Kind<Want, Have, Seen, Change>,
  {
    parts,
    subject,
    seen,
  }: { readonly parts: RecordedParts<Want, Have, Seen> | undefined; readonly subject: Want; readonly seen: Seen },
  others: Others,
): boolean {
  if (release === undefined || partialBy === undefined) return false;
  if (subject[partialBy] === false) return true;
  return [...others].every(([name, desire]) => desire?.[partialBy] === false || parts?.isPartial(seen, name) === true);
}

/** What the operator is told about other owners. */
function forOperator<Want extends object, Have extends object, Seen, Change>(
  { keeper, takes }: Kind<Want, Have, Seen, Change>,
  seen: Seen,
  want: Want,
  resource: string | undefined,
): Pick<Assessment, "keepers" | "why"> {
  const why = resource === undefined ? undefined : takes?.(seen, want, resource);
  return {
    ...(keeper && { keepers: () => ({ usual: keeper.usual(seen, want), found: keeper.found(seen, want) }) }),
    ...(why !== undefined && { why }),
  };
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
