import type { PackageManager } from "./manager";
import { patiently } from "./retry-locked";

/** Debian, Ubuntu. */
export const apt: PackageManager = {
  name: "apt-get",
  version: ({ deb }) => deb,
  install: (name, lockTimeout) => patiently(INSTALL, LOCKED, name, lockTimeout),
  // dpkg itself: apt-get would remove what depends on the package, too.
  remove: (name, lockTimeout) => patiently('work() { dpkg --remove -- "$1"; }', LOCKED, name, lockTimeout),
};

// Nothing asks, no other service is restarted, no package goes to make room. A host that was never told about its repositories
// knows no package: then they are read, once.
const INSTALL = `export DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none NEEDRESTART_SUSPEND=1
apt() { apt-get -q -y -o DPkg::Lock::Timeout="$wait" "$@"; }
install() {
  apt --no-install-recommends --no-remove -o APT::Cmd::Pattern-Only=true -o Dpkg::Options::=--force-confold install -- "$1"
}
work() {
  wait=$2
  said=$(install "$1" 2>&1) && return
  rc=$?
  case $said in
    *"Unable to locate package"* | *"no installation candidate"* | *"Failed to fetch"* | *" 404 "*) ;;
    *) printf '%s\\n' "$said"; return $rc ;;
  esac
  apt update && install "$1"
}`;

const LOCKED = `*"Could not get lock"* | *"Unable to lock"* | *"Unable to acquire the dpkg"* | *"locked by another process"*`;
