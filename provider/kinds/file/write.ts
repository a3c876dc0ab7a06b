import { CHANGED_MEANWHILE, RECORDS, SWEEP } from "../../file-step";
import { FLUSH } from "../../flush";
import { parentOf } from "../../model/path";
import { OWN } from "../../own-file";
import type { Step } from "../../step";
import type { RegularFile } from "./facts";
import { KEPT, keptPath } from "./kept";
import { CANDIDATE, isOfSystemd } from "./options";
import type { WantedFile } from "./schema";

/** Copies the file that was there before us, as it is. */
export function keepStep(path: string): Step {
  const command = { sh: KEEP, args: [path, keptPath(path)], summary: `copy ${path} to ${keptPath(path)}` };
  return { command, places: [RECORDS] };
}

/** Whether a command has to find the file in its place, as it cannot be told another one. */
export function validatesInPlace({ validate }: Pick<WantedFile, "validate">): boolean {
  return validate.length > 0 && !validate.some((word) => word.includes(CANDIDATE));
}

/** Whether somebody has to be told of a change. */
export function isRead({ path, reload }: Pick<WantedFile, "path" | "reload">): boolean {
  return reload !== undefined || isOfSystemd(path);
}

/**
 * Writes the file, if it is still as it was seen, and its new content is valid. The content goes through stdin, which no list of processes shows.
 *
 * @param claims its folder, which another object may be about to leave.
 */
export function writeStep(want: WantedFile, was: RegularFile | undefined, claims?: string): Step {
  const { path, mode, owner, group, content = "", contentBase64, validate, reload, secret } = want;
  const form = contentBase64 === undefined ? "text" : "base64";
  const how = validatesInPlace(want) ? "in place" : "before";
  const words = [was?.sha256 ?? "none", mode, `${owner}:${group}`, keptPath(path), form, how, reload ?? ""];
  const marks = [isRead(want) ? "read" : "", secret ? "secret" : ""];
  return {
    command: {
      sh: WRITE,
      args: [path, ...words, ...marks, ...validate],
      stdin: contentBase64 ?? content,
      patience: 120,
      summary: `write ${path}`,
    },
    places: [parentOf(path)],
    ...(claims !== undefined && { claims }),
  };
}

// Makes the folder of copies and marks, which nobody but root may read.
// shellcheck disable=SC3067: dash, bash and busybox have it, and POSIX since 2024.
const MAKE_KEPT = `umask 077
${OWN}
own ${RECORDS} -d && mkdir -p -- ${KEPT} && own ${KEPT} -d || exit`;

const FLUSH_KEPT = `flush -- ${KEPT} ${RECORDS} /var/lib`;

const KEEP = `path=$1 kept=$2
${FLUSH}
${MAKE_KEPT}
cp -p --preserve=all -- "$path" "$kept+new" && flush -- "$kept+new" && mv -f -- "$kept+new" "$kept" &&
  ${FLUSH_KEPT}`;

// The new file is made beside its place, under a name that begins with a dot, readable by nobody until it has its mode. A file that is there
// gives it its ACL and its security context. A unit that cannot be reloaded is found before anything is changed.
const PREPARE = `dir=\${path%/*}
[ -n "$dir" ] || dir=/
failed() {
  rm -f -- "$new"
  echo "$path could not be written. The file system of $dir:" >&2
  df -P -- "$dir" >&2; df -iP -- "$dir" >&2
  exit 1
}
still() {
  now=none
  if [ -e "$path" ]; then now=$(sha256sum <"$path"); now=\${now%% *}; fi
  [ "$now" = "$was" ] && return
  rm -f -- "$new"
  echo "$path was changed by somebody else meanwhile" >&2
  exit ${CHANGED_MEANWHILE}
}
${SWEEP}
umask 077
IFS=- read -r _ _ _ _ random </proc/sys/kernel/random/uuid
new=$dir/.pulumi-lvs.\${random#??}`;

const UNIT = `if [ -n "$unit" ]; then
  state=$(systemctl show -p LoadState -p ActiveState -p CanReload -- "$unit") || exit
  case $state in
    *LoadState=not-found*) echo "this host has no unit $unit: install its package first, with a Package, and let this file depend on it" >&2; exit 1 ;;
    *CanReload=no*) case $state in *ActiveState=active*)
      echo "$unit cannot be reloaded: it has no ExecReload. Leave reload out, and restart it yourself" >&2; exit 1 ;;
    esac ;;
  esac
fi`;

const FILL = `if [ -e "$path" ]; then
  cp -p --preserve=all -- "$path" "$new" || failed
  chmod 600 -- "$new" || failed
else set -C; : >"$new" || failed; set +C
fi
chown -- "$owner" "$new" || failed
if [ "$form" = base64 ]; then base64 -d >"$new" || failed; else cat >"$new" || failed; fi
chmod "$mode" -- "$new" || failed
[ -e "$path" ] || ! command -v restorecon >/dev/null || restorecon -- "$new" || failed
flush -- "$new" || failed`;

// What the program says may have lines of the file in it.
const VALIDATE = `valid() {
  candidate=$1
  shift
  shown=$*
  for word; do
    shift
    case $word in *'${CANDIDATE}'*) word=\${word%%'${CANDIDATE}'*}$candidate\${word#*'${CANDIDATE}'} ;; esac
    set -- "$@" "$word"
  done
  printed=$(timeout 60 "$@" </dev/null 2>&1)
  rc=$?
  [ "$rc" != 0 ] || return 0
  [ -z "$secret" ] || printed="(what it says is not shown, as the content of the file is a secret)"
  [ "$rc" != 124 ] || printed="$printed
it did not end within 60 s"
  printf '%s is as it was: its new content is not valid. %s ended with exit code %s:\\n%s\\n' "$path" "$shown" "$rc" "$printed" >&2
  return 1
}`;

// A file that is validated in its place has its last valid version beside it until then: whoever looks after a cut finds that it is not valid
// yet, and the next run puts it back where it must.
const IN_PLACE = `keep_last() {
  if [ -e "$kept+last" ] || [ -e "$kept+none" ]; then return 0; fi
  if [ -e "$path" ]; then
    cp -p --preserve=all -- "$path" "$kept+new" && flush -- "$kept+new" && mv -f -- "$kept+new" "$kept+last"
  else : >"$kept+none"
  fi
}
put_back() {
  if [ -e "$kept+last" ]; then
    cp -p --preserve=all -- "$kept+last" "$new" && flush -- "$new" && mv -f -- "$new" "$path"
  else rm -f -- "$path"
  fi && flush -- "$dir" && rm -f -- "$kept+last" "$kept+none"
  [ -n "$begun" ] || rm -f -- "$kept+begun"
}`;

// The folder is flushed with all that the batch has written.
const WRITE = `path=$1 was=$2 mode=$3 owner=$4 kept=$5 form=$6 how=$7 unit=$8 read=$9
shift 9
secret=$1
shift
${FLUSH}
${UNIT}
marked="" begun=""
if [ -n "$read" ] || [ "$how" = "in place" ]; then
  marked=1
  ${MAKE_KEPT}
  [ ! -e "$kept+begun" ] || begun=1
fi
${PREPARE}
${FILL}
${VALIDATE}
${IN_PLACE}
[ "$how" != before ] || [ $# = 0 ] || valid "$new" "$@" || { rm -f -- "$new"; exit 1; }
if [ -n "$marked" ]; then
  [ -z "$read" ] || : >"$kept+begun" || failed
  [ "$how" != "in place" ] || keep_last || failed
  ${FLUSH_KEPT} || failed
fi
still
mv -f -- "$new" "$path" || failed
[ "$how" = "in place" ] || exit 0
valid "$path" "$@" || { put_back; exit 1; }
rm -f -- "$kept+last" "$kept+none"`;
