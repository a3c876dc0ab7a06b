import { isDeepStrictEqual } from "node:util";
import type { RuntimeKind } from "../kinds/runtime-kind";
import { isMap, ownValue } from "../model/own-value";

type Values = Readonly<Record<string, unknown>>;

/**
 * A record in the words of the program: its keys and spellings stay where they mean the same, and what it does not mention is as it is in
 * the record. `canonical` is what the words mean. An option such as `ignoreChanges` finds the inputs by paths of the program.
 */
export function inWords(kind: RuntimeKind, words: Values, canonical: Values, record: Values): Values {
  const entries = Object.entries(record).map(([name, value]): [string, unknown] => {
    const word = ownValue(words, name);
    return [name, word === undefined ? value : say(word, ownValue(canonical, name), value, keysOf(kind, words, name))];
  });
  // An argument that means nothing, such as an empty label of an IPv6 address, is the program's all the same.
  const silent = Object.entries(words).filter(
    ([name]) => !Object.hasOwn(canonical, name) && !Object.hasOwn(record, name),
  );
  return Object.fromEntries([...entries, ...silent]);
}

/** The canonical form of a key, where it has another one. */
type KeyOf = (key: string) => string;

const AS_IT_IS: KeyOf = (key) => key;

function say(word: unknown, meant: unknown, value: unknown, keyOf: KeyOf): unknown {
  if (!isMap(word) || !isMap(meant) || !isMap(value)) return isDeepStrictEqual(meant, value) ? word : value;
  const keys = new Map(Object.keys(word).map((key) => [Object.hasOwn(meant, key) ? key : keyOf(key), key]));
  const given = Object.entries(value).map(([key, inner]): [string, unknown] => {
    const own = keys.get(key);
    return own === undefined ? [key, inner] : [own, say(ownValue(word, own), ownValue(meant, key), inner, AS_IT_IS)];
  });
  return Object.fromEntries(given);
}

/** What a key of a map means, as the schema reads a map that has it alone. */
function keysOf(kind: RuntimeKind, words: Values, name: string): KeyOf {
  return (key) => {
    const map = ownValue(words, name);
    const read = kind.parse({ ...words, [name]: { [key]: isMap(map) ? ownValue(map, key) : undefined } });
    const meant = read.success ? ownValue({ ...read.data }, name) : undefined;
    const [canonical, ...others] = isMap(meant) ? Object.keys(meant) : [];
    return canonical === undefined || others.length > 0 ? key : canonical;
  };
}
