import type { Place } from "../declaration";
import { matchesSource, type Source } from "./sources";

/** What /etc/network/interfaces and the files that it reads say, as ifup understands them. */
export interface Interfaces {
  readonly stanzas: readonly Stanza[];
  /** What comes up at boot: the interface, and the stanza for it, which usually has the same name. */
  readonly autos: readonly Auto[];
  /** Patterns of interfaces whose stanza a script chooses. */
  readonly mapped: readonly string[];
  /** Lines that read other files. */
  readonly sources: readonly Source[];
  /** The first line that ifup refuses, or that we cannot read. */
  readonly problem?: Place & { readonly reason: string };
}

export interface Stanza extends Place {
  /** For ifupdown2 the device alone: it has no aliases. */
  readonly name: string;
  /** Absent with `inherits`, and for ifupdown2 and ifupdown-ng. */
  readonly family?: string;
  readonly method?: string;
  readonly options: Option[];
}

export interface Option extends Place {
  readonly name: string;
  readonly value: string;
}

export interface Auto {
  readonly name: string;
  readonly stanza: string;
  /** `auto` or the class of an `allow-` line. */
  readonly by: string;
  /** For ifupdown2: whether it counts depends on the order of files, which is any. */
  readonly anyOrder?: true;
}

/** What a reader has found so far. */
export class Found implements Interfaces {
  readonly stanzas: Stanza[] = [];
  readonly autos: Auto[] = [];
  readonly mapped: string[] = [];
  readonly sources: Source[] = [];
  declare problem?: Place & { readonly reason: string };

  /** Notes the first line that is refused. */
  refuse({ path, line }: Place, reason: string): void {
    this.problem ??= { path, line, reason };
  }
}

/** `post-up` and `pre-down` are other words for `up` and `down`. */
export function optionName(word: string): string {
  return word === "post-up" ? "up" : word === "pre-down" ? "down" : word;
}

/** Whether ifup reads a file of this path, or would if it existed. */
export function readsFile({ sources }: Interfaces, path: string): boolean {
  return sources.some((source) => matchesSource(source, path));
}
