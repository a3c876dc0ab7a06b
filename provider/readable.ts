/**
 * Shell text that defines `plain PATH`: fails with words where reading would take for ever, or be no file's text. A link to /dev/null, which
 * masks a file, reads as an empty one. Builtins only.
 */
export const PLAIN = `plain() {
  if [ -f "$1" ] || [ "$1" -ef /dev/null ]; then return 0
  elif [ -p "$1" ]; then set -- "$1" "a pipe, and whoever reads it would wait for ever"
  elif [ -d "$1" ]; then set -- "$1" "a folder, and should be a file"
  else set -- "$1" "a device or a socket, and should be a file"
  fi
  echo "$1 is $2: look who made it, and remove it" >&2
  return 1
}`;

/** Bytes of a file, or of what one command prints, that are read: more no file and no program of a host should have to say. */
export const READABLE = 16 * 2 ** 20;

/** A rule of awk that ends it, with words, where files are longer than any that a program of a host would read. */
export const WITHIN_REASON = `(size += length($0) + length(FILENAME) + 8) > ${READABLE / 2} { print FILENAME " is too long to be read: look what is in it" >"/dev/stderr"; exit 1 }`;
