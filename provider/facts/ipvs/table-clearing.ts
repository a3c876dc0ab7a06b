/** A line of an operator's own that empties the table of IPVS at boot, maybe after the loader has filled it. */
export interface TableClearing {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

// Own units are files there; links are those of packages. rc.local runs where it is executable.
export const LOOK_FOR_CLEARING = `for file in /etc/systemd/system/*.service /etc/rc.local /etc/rc.d/rc.local; do
  [ -f "$file" ] && [ ! -L "$file" ] || continue
  case $file in
    */ipvsadm.service | *[[:space:]]*) continue ;;
    */rc.local) [ -x "$file" ] || continue ;;
  esac
  number=0; wanted=''
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    case $line in *ipvsadm*-C* | *ipvsadm*--clear*) ;; *) continue ;; esac
    [ -n "$wanted" ] || for wanted in /etc/systemd/system/*.wants/"\${file##*/}" /etc/systemd/system/*.requires/"\${file##*/}"; do
      if [ -e "$wanted" ] || [ -L "$wanted" ]; then echo "started $file"; break; fi
    done
    echo "clears $file $number $line"
  done <"$file"
done`;

/** `started FILE` for a unit that a boot starts, `clears FILE NUMBER LINE`. */
export function parseClearing(lines: readonly string[]): readonly TableClearing[] {
  const started = new Set(lines.filter((line) => line.startsWith("started ")).map((line) => line.slice(8)));
  return lines.flatMap((line) => {
    const [, file = "", number = "", text = ""] = /^clears (\S+) (\d+) (.*)$/.exec(line) ?? [];
    const command = file.endsWith(".service") ? /^\s*Exec(?:Start|StartPre|StartPost)\s*=(.*)/.exec(text)?.[1] : text;
    const isRun = command !== undefined && !/^\s*#/.test(command) && CLEAR.test(command);
    if (!isRun || (file.endsWith(".service") && !started.has(file))) return [];
    return [{ file, line: Number(number), text: text.trim() }];
  });
}

const CLEAR = /(?:^|[\s/"'=@+!:;&|-])ipvsadm[ \t]+(?:-C|--clear)(?=[\s;&|"')]|$)/;
