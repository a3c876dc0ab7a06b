import { DEBIAN_UNIT } from "../../fakes/fake-loader.ts";

/**
 * Makes a host of Debian 12 load rules as Debian 13 does: the unit of ipvsadm 1:1.31-5, and what its programs do with the environment
 * that systemd reads from /etc/default/ipvsadm. A host that has the package stays as it is.
 */
export const INSTALL_UNIT = `unit=/usr/lib/systemd/system/ipvsadm.service
if [ ! -e $unit ]; then
  mkdir -p /usr/libexec/ipvsadm
  printf '%s' '${DEBIAN_UNIT}# of the lab
' >$unit
  for name in load flush start stop; do printf '#!/bin/sh\\n' >/usr/libexec/ipvsadm/ipvsadm-$name; done
  cat >>/usr/libexec/ipvsadm/ipvsadm-load <<'PROGRAM'
: \${AUTO:=false}
if [ "\${AUTO}" = "true" ]; then
  [ -f /etc/ipvsadm.rules ] || echo "# ipvsadm.rules" >/etc/ipvsadm.rules
  /usr/sbin/ipvsadm -C
  grep -v "^#" /etc/ipvsadm.rules | /usr/sbin/ipvsadm -R
fi
PROGRAM
  cat >>/usr/libexec/ipvsadm/ipvsadm-flush <<'PROGRAM'
: \${AUTO:=false}
if [ "\${AUTO}" = "true" ]; then /usr/sbin/ipvsadm -C; fi
PROGRAM
  cat >>/usr/libexec/ipvsadm/ipvsadm-start <<'PROGRAM'
case \${DAEMON:=none} in
  master | backup) /usr/sbin/ipvsadm --start-daemon $DAEMON --mcast-interface \${IFACE:=eth0} --syncid \${SYNCID:=0} ;;
  *) echo "ipvsadm is not configured to run. Please edit /etc/default/ipvsadm" 1>&2 ;;
esac
PROGRAM
  chmod 755 /usr/libexec/ipvsadm/*
  ln -s $unit /etc/systemd/system/multi-user.target.wants/ipvsadm.service
  systemctl daemon-reload
fi`;

export const REMOVE_UNIT = `unit=/usr/lib/systemd/system/ipvsadm.service
if grep -qx '# of the lab' $unit; then
  rm -rf $unit /usr/libexec/ipvsadm /etc/systemd/system/multi-user.target.wants/ipvsadm.service
  systemctl daemon-reload
fi`;
