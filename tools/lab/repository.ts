/** A package that is made on a host, so that no mirror is needed. */
export interface MadePackage {
  readonly name: string;
  readonly version: string;
  /** Lines for its control file, each with its end. */
  readonly control?: string;
  /** A script that runs when it is installed. */
  readonly postinst?: string;
  /** A service of its name: a program and its words. */
  readonly service?: string;
  /** Not in the list of the repository: only for `dpkg -i`. */
  readonly unlisted?: boolean;
}

/** Makes the packages as /srv/repository/NAME_VERSION.deb, and tells apt-get of that folder and of nothing else. */
export function repositoryScript(packages: readonly MadePackage[]): string {
  return `set -e
mkdir -p /etc/apt/aside; mv /etc/apt/sources.list /etc/apt/sources.list.d/* /etc/apt/aside/ 2>/dev/null || true
mkdir -p /srv/repository; cd /srv/repository; rm -f Packages
${packages.map(make).join("\n")}
rm -rf /tmp/deb
echo 'deb [trusted=yes] file:/srv/repository ./' > /etc/apt/sources.list.d/lab.list`;
}

function make({ name, version, control = "", postinst, service, unlisted = false }: MadePackage): string {
  const head = `Package: ${name}\nVersion: ${version}\nArchitecture: all\nMaintainer: lab <lab@example.org>\nDescription: ${name}\n`;
  const unit = `[Service]\nExecStart=${service ?? ""}\n[Install]\nWantedBy=multi-user.target\n`;
  const deb = `${name}_${version}.deb`;
  return [
    `rm -rf /tmp/deb; mkdir -p /tmp/deb/DEBIAN /tmp/deb/usr/share/${name}; echo ${version} > /tmp/deb/usr/share/${name}/version`,
    `printf '%s' '${head}${control}' > /tmp/deb/DEBIAN/control`,
    ...(postinst === undefined
      ? []
      : [`printf '%s' '${postinst}' > /tmp/deb/DEBIAN/postinst; chmod 755 /tmp/deb/DEBIAN/postinst`]),
    ...(service === undefined
      ? []
      : [
          `mkdir -p /tmp/deb/usr/lib/systemd/system; printf '%s' '${unit}' > /tmp/deb/usr/lib/systemd/system/${name}.service`,
        ]),
    `dpkg-deb --build --root-owner-group /tmp/deb ${deb} > /dev/null`,
    ...(unlisted
      ? []
      : [
          `{ cat /tmp/deb/DEBIAN/control; printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' ${deb} $(stat -c %s ${deb}) $(sha256sum ${deb} | cut -d ' ' -f 1); } >> Packages`,
        ]),
  ].join("\n");
}
