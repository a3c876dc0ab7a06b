import { FRAGMENTS, FRAGMENTS_PATTERN, MAIN_FILE, PENDING, STAGE } from "../../facts/keepalived/paths";
import type { CommandStep } from "../../step";

/**
 * Changes are tested as a whole before any file is changed: `keepalived -t` reads a copy of the main file, which includes copies of our files
 * with those that change. So nothing has to be put back, and a boot in between finds what was tested.
 */
export const beginStage: CommandStep = {
  command: {
    sh: `rm -rf -- ${STAGE} || exit
umask 077
mkdir -p -- ${STAGE} || exit
set -- ${FRAGMENTS_PATTERN}
[ ! -e "$1" ] || cp -- "$@" ${STAGE}`,
  },
  once: true,
};

/** Undefined: the file goes. */
export function stageFragment(name: string, text: string | undefined): CommandStep {
  return { command: { sh: STAGE_ONE, args: [name, ...(text === undefined ? [] : [text])] } };
}

// The list of names has an ending that keepalived does not read.
const STAGE_ONE = `cd ${STAGE} || exit
umask 077
rm -f -- "$1.conf"
printf '%s\\n' "$1" >>names
[ $# = 1 ] || printf %s "$2" >"$1.conf"`;

/** @param block where the main file has no such block yet: the block that it gets. */
export function testStage(block: string | undefined): CommandStep {
  const doing = "waiting for keepalived to test its configuration";
  return { command: { sh: TEST, args: block === undefined ? [] : [block], patience: 2 * LIMIT, doing }, once: true };
}

/** In the folder of the main file, because what that includes may be relative to it. */
const COPY = `${MAIN_FILE.slice(0, MAIN_FILE.lastIndexOf("/"))}/.pulumi-lvs.keepalived`;

/** Seconds for one test. It may ask a resolver that does not answer, and whoever waits for it has the lock. */
const LIMIT = 20;

// The main file may have passwords: it is copied on the host, and is no argument, which an error would show. Every exit code but 0 is an error,
// whatever the manual says: what is "repaired" may be a service that is left out, and then deleted. With code 6, which warns that scripts are
// trusted, some configurations are not started: it is none only where the host lives with it already. A version that knows no test says 0.
const TEST = `check() {
  words=$(timeout -s KILL ${LIMIT} keepalived -t "$@" 2>&1)
  code=$?
}
end() {
  rm -rf -- ${STAGE}
  rm -f -- ${COPY}
  exit "$1"
}
if command -v keepalived >/dev/null; then
  umask 077
  if [ $# = 0 ]; then sed 's|^include ${FRAGMENTS}/|include ${STAGE}/|' ${MAIN_FILE} >${COPY}
  else
    {
      [ ! -f ${MAIN_FILE} ] || sed '/^# pulumi-lvs begin/,/^# pulumi-lvs end/d' ${MAIN_FILE}
      printf '\\n%s' "$1" | sed 's|^include ${FRAGMENTS}/|include ${STAGE}/|'
    } >${COPY}
  fi || end 1
  check -f ${COPY}
  if [ $code != 0 ]; then
    refused=$(printf '%s\\n' "$words" | sed 's|${STAGE}/|${FRAGMENTS}/|g; s|${COPY}|${MAIN_FILE}|g; s|^(Line |(${MAIN_FILE}: Line |')
    new=$code
    case $new in 124 | 137)
      printf 'keepalived -t did not end within ${LIMIT} s: does the configuration have a name that no resolver answers for?\\n%s\\n' "$refused" >&2
      end 1
      ;;
    esac
    check
    if [ $new != 6 ] || [ $code != 6 ]; then
      case $code in
        0 | 6) why="with this change (exit code $new)" ;;
        *) why="(exit code $new), and did so before this change" ;;
      esac
      printf 'keepalived -t refuses the configuration %s:\\n%s\\n' "$why" "$refused" >&2
      end 1
    fi
  fi
fi
[ ! -s ${STAGE}/names ] || cat ${STAGE}/names >>${PENDING} || end 1
end 0`;
