/**
 * Shell text that defines `flush FILE...`, which makes files or directories outlast a power cut, and `flush -f PATH...` for all of the
 * file systems that they are on. Plain sync would wait for NFS servers, too, and those may be dead. That of coreutils before 8.24 (RHEL 7)
 * knows no other: told of files it prints a warning and flushes all disks, told `-f` it fails. One that was seen to take files is not
 * overheard again in the same shell: that takes a host a subshell.
 */
export const FLUSH = `flush() {
  if [ -n "$takes_files" ]; then sync "$@"; return; fi
  out=$(sync "$@" 2>&1) && { [ -n "$out" ] || takes_files=1; return 0; }
  case $out in *"invalid option"* | *"unrecognized option"*) sync && return ;; esac
  printf '%s\\n' "$out" >&2
  return 1
}`;
