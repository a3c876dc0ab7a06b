import { ownValue } from "../../../model/own-value";
import { DialError } from "../dial-error";
import { matchesPattern, matchesPatterns } from "../patterns";

/** By which algorithms a host may prove each type of key, the usual ones first. An RSA key has several; SHA-1 is not among the usual. */
const ALGORITHMS: Readonly<Record<string, readonly string[]>> = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
};

const USUAL = Object.values(ALGORITHMS).flat();

/** In the order in which OpenSSH finds those of a pattern. */
const SUPPORTED = [...USUAL.filter((name) => !name.startsWith("rsa-")), "ssh-rsa", "rsa-sha2-256", "rsa-sha2-512"];

/**
 * The algorithms to offer to a host: of the types of keys that are known for it, or of all. Its first contact offers what a later one
 * will, or else a key would be noted that never works again.
 */
export function hostKeyAlgorithms(knownTypes: readonly string[], config: string | undefined): readonly string[] {
  const offered = config === undefined ? USUAL : configured(config);
  if (knownTypes.length === 0) return offered;
  const known = [...new Set(knownTypes)].filter((type) => ownValue(ALGORITHMS, type) !== undefined);
  if (known.length === 0) throw unsupported(knownTypes);
  const ofKnown = offered.filter((algorithm) => known.includes(typeOf(algorithm)));
  // Then the host shows another key than the known ones, and is refused.
  return ofKnown.length === 0 ? offered : ofKnown;
}

function typeOf(algorithm: string): string {
  return algorithm.startsWith("rsa-sha2-") ? "ssh-rsa" : algorithm;
}

/** `HostKeyAlgorithms`: a list of patterns, or what it adds to (+), takes from (-) or puts before (^) the usual ones. */
function configured(config: string): readonly string[] {
  const [sign = "", list] = /^[-+^]/.test(config) ? [config[0], config.slice(1)] : ["", config];
  const patterns = list.split(",");
  const named = patterns.flatMap((pattern) => SUPPORTED.filter((algorithm) => matchesPattern(algorithm, pattern)));
  const rest = USUAL.filter((algorithm) => !named.includes(algorithm));
  switch (sign) {
    case "+":
      return [...new Set([...USUAL, ...named])];
    case "-":
      return USUAL.filter((algorithm) => !matchesPatterns(algorithm, patterns));
    case "^":
      return [...new Set([...named, ...rest])];
    default:
      if (named.length > 0) return [...new Set(named)];
      throw new DialError(`HostKeyAlgorithms ${config} has none that we can check`, [], [CAN_BE_CHECKED]);
  }
}

const CAN_BE_CHECKED = `These can be checked: ${SUPPORTED.join(", ")}.`;

function unsupported(types: readonly string[]): DialError {
  return new DialError(
    `the known host keys are of types that we cannot check: ${types.join(", ")}`,
    [],
    ["Add the host's ed25519, ecdsa or rsa key."],
  );
}
