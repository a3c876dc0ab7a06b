/**
 * Shell text that defines `own PATH`, and `own PATH -d` for a folder: fails with words where a file or folder of ours could be
 * somebody else's. A mode that lets others read is narrowed: earlier versions made such files, and who can read a lock can hold it.
 * Who knows the mode gives it as the third word: to ask for it takes a process.
 */
export const OWN = `own() {
  if [ -L "$1" ]; then set -- "$1" "is a symbolic link"
  elif [ ! -e "$1" ]; then return 0
  elif [ ! -O "$1" ]; then set -- "$1" "belongs to another user"
  elif [ "$2" = -d ] && [ ! -d "$1" ] || [ "$2" != -d ] && [ ! -f "$1" ]; then set -- "$1" "is of another type: it is not ours"
  else
    set -- "$1" "\${3:-$(stat -c %a -- "$1")}"
    case $2 in
      *[2367]? | *[2367]) set -- "$1" "may be written by other users (mode $2)" ;;
      *00 | 0) return 0 ;;
      *) chmod go= -- "$1"; return ;;
    esac
  fi
  echo "$1 $2, and nobody but $(id -un) may write there: look who made it, and remove it" >&2
  return 1
}`;
