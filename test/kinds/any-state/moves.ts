import fc from "fast-check";
import type { Properties } from "../../../provider/engine/state";
import { CommandFailure, type FakeHost } from "../../fakes/fake-host";
import { Life } from "./life";
import type { Row } from "./row";

/** Something that happens to a host. Numbers choose one of what there is. */
type Move =
  /** A run with one of the wants, to its end. */
  | { readonly up: number }
  /** A run with one of the wants or a removal, of which only some steps were taken. */
  | { readonly cut: number | "removal"; readonly about: number; readonly mask: readonly boolean[] }
  /** A file gets a text that one of the files had before, or goes. */
  | { readonly file: number; readonly text: number | "gone" }
  /** An operator does something. */
  | { readonly act: number };

export function arbitraryMoves({ wants, start }: Row): fc.Arbitrary<readonly Move[]> {
  const want = fc.nat(wants.length - 1);
  const up = want.map((index): Move => ({ up: index }));
  const mask = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 });
  const cut = fc.record({
    cut: fc.oneof({ weight: 3, arbitrary: want }, fc.constant("removal" as const)),
    about: want,
    mask,
  });
  const file = fc.record({
    file: fc.nat(9),
    text: fc.oneof({ weight: 2, arbitrary: fc.nat(9) }, fc.constant("gone" as const)),
  });
  const act = fc.nat(start().acts.length - 1).map((index): Move => ({ act: index }));
  return fc
    .tuple(fc.option(up, { nil: undefined }), fc.array(fc.oneof(up, cut, file, act), { maxLength: 4 }))
    .map(([first, others]) => (first === undefined ? others : [first, ...others]));
}

/** A host to which all this happened, with the state and the inputs of the last whole run. */
export async function happen(row: Row, moves: readonly Move[], isNamed: boolean) {
  const { host, acts, passes } = row.start();
  const life = new Life(row.kind, host, isNamed ? "shop/prod/it" : undefined);
  const texts = new Texts(host);
  let inputs: Properties | undefined;
  let state: Properties | undefined;
  for (const move of moves) {
    if ("up" in move) {
      const wanted = await life.inputs(row.wants[move.up] ?? {});
      const ended = await life.bring(wanted, state);
      if ("state" in ended) [inputs, state] = [wanted, ended.state];
    } else if ("cut" in move) {
      const parsed = (index: number) => row.kind.runtime.parse(row.wants[index] ?? {}).data ?? {};
      const desired = move.cut === "removal" ? undefined : parsed(move.cut);
      life.cut({ desired, subject: desired ?? parsed(move.about) }, move.mask);
    } else if ("file" in move) texts.put(move);
    else tolerate(() => acts[move.act]?.());
    texts.note();
  }
  return { life, host, passes, inputs, state };
}

/** The texts that the files of a host had, in the order in which they came. */
class Texts {
  readonly #host: FakeHost;
  readonly #seen = new Map<string, string[]>();

  constructor(host: FakeHost) {
    this.#host = host;
    this.note();
  }

  note(): void {
    for (const [path, text] of this.#host.files) {
      const texts = this.#seen.get(path) ?? [];
      this.#seen.set(path, texts.includes(text) ? texts : [...texts, text]);
    }
  }

  put({ file, text }: { readonly file: number; readonly text: number | "gone" }): void {
    const paths = [...this.#seen.keys()];
    const path = paths[file % paths.length];
    if (path === undefined) return;
    const texts = this.#seen.get(path) ?? [];
    if (text === "gone") this.#host.files.delete(path);
    else this.#host.files.set(path, texts[text % texts.length] ?? "");
  }
}

function tolerate(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
  }
}
