import type { Kind } from "../../provider/kinds/kind";
import type { Seen } from "../../provider/kinds/real-server/kind";
import { describeStep, type Step } from "../../provider/step";
import type { FakeDirector } from "../fakes/fake-director";

/** One pass of a reconcile without a network: what is done to the host, in words. */
export function bring<Want extends object, Have extends object, Change>(
  kind: Kind<Want, Have, Seen, Change>,
  host: FakeDirector,
  goal: Want | undefined,
  about: Want | undefined = goal,
  known?: Have,
): string[] {
  if (about === undefined) throw new Error("about whom?");
  const seen = host.seen();
  const steps = kind
    .plan(goal, kind.observe(seen, about, known))
    .flatMap((change): readonly Step[] => kind.render(change, seen));
  host.run(steps);
  const swept = goal === undefined ? sweep(kind, host, about) : [];
  return [...steps, ...swept].map(describeStep);
}

function sweep<Want extends object, Have extends object, Change>(
  kind: Kind<Want, Have, Seen, Change>,
  host: FakeDirector,
  gone: Want,
) {
  const seen = host.seen();
  const steps = (kind.cleanup?.(seen, gone) ?? []).flatMap((change): readonly Step[] => kind.render(change, seen));
  host.run(steps);
  return steps;
}

/** The user's record, with defaults; the test ends if it is refused. */
export function wanted<Want extends object>(
  kind: { readonly schema: Kind<Want, object, Seen, unknown>["schema"] },
  written: object,
): Want {
  return kind.schema.parse(written);
}

/** What is wrong with a user's record: `property: reason`, a line for each. */
export function refusals(
  kind: { readonly schema: Kind<object, object, Seen, unknown>["schema"] },
  written: object,
): string[] {
  const read = kind.schema.safeParse(written);
  return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}
