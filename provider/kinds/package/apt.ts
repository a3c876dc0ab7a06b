import type { PackageManager } from "./manager";
import { retryWhileLocked } from "./retry-locked";

/** Debian, Ubuntu. */
export const apt: PackageManager = {
  name: "apt-get",
  version: ({ deb }) => deb,
  install: (name, lockTimeout) => retryWhileLocked(INSTALL, LOCKED, name, lockTimeout),
  // dpkg itself: apt-get would also remove what depends on the package.
  remove: (name, lockTimeout) => retryWhileLocked('work() { dpkg --remove -- "$1"; }', LOCKED, name, lockTimeout),
};

// The lock is waited for by short tries, so that it can be said. It asks no question, restarts no other service and removes no package. A fresh host has not read its repositories yet and knows
// no package: then they are read once.
const INSTALL = `export DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none NEEDRESTART_SUSPEND=1
apt() { apt-get -q -y -o DPkg::Lock::Timeout="$wait" "$@"; }
install() {
  apt --no-install-recommends --no-remove -o APT::Cmd::Pattern-Only=true -o Dpkg::Options::=--force-confold install -- "$1"
}
work() {
  wait=$2
  [ "$wait" -lt 5 ] || wait=5
  output=$(install "$1" 2>&1) && return
  rc=$?
  case $output in
    *"Unable to locate package"* | *"no installation candidate"* | *"Failed to fetch"* | *" 404 "*) ;;
    *) printf '%s\\n' "$output"; return $rc ;;
  esac
  apt update && install "$1"
}`;

const LOCKED = `*"Could not get lock"* | *"Unable to lock"* | *"Unable to acquire the dpkg"* | *"locked by another process"*`;
