# First boot of a host laid out as Red Hat's: its ipvsadm.service, network-scripts and a SysV service "network".
# Its sh is bash, too. The programs are Debian's. What the real scripts do with the files cannot be seen here.

rm -f /etc/init.d/ipvsadm /etc/default/ipvsadm /etc/rc?.d/???ipvsadm /etc/ipvsadm.rules
# Debian 13 has a unit of its own, turned on.
rm -f /etc/systemd/system/multi-user.target.wants/ipvsadm.service
mkdir -p /usr/lib/systemd/system
cat > /usr/lib/systemd/system/ipvsadm.service <<'UNIT'
[Unit]
Description=Initialise the Linux Virtual Server
After=syslog.target network.target

[Service]
Type=oneshot
ExecStart=/bin/bash -c "exec /sbin/ipvsadm-restore < /etc/sysconfig/ipvsadm"
ExecStop=/bin/bash -c "exec /sbin/ipvsadm-save -n > /etc/sysconfig/ipvsadm"
ExecStop=/sbin/ipvsadm -C
RemainAfterExit=yes

[Install]
WantedBy=multi-user.target
UNIT

ln -sf bash /bin/sh

# No trace of ifupdown.
rm -rf /etc/network /usr/sbin/ifup /usr/sbin/ifdown /usr/sbin/ifquery /sbin/ifup /sbin/ifdown /sbin/ifquery
rm -f /lib/systemd/system/networking.service /lib/systemd/system/ifup@.service /etc/init.d/networking
rm -f /etc/systemd/system/*.wants/networking.service /etc/rc?.d/???networking

scripts=/etc/sysconfig/network-scripts
printf 'NETWORKING=yes\nHOSTNAME=rhel1\n' > /etc/sysconfig/network
for name in ifup ifdown ifup-eth ifdown-eth ifup-aliases ifup-post ifup-routes init.ipv6-global network-functions; do
  printf '#!/bin/sh\nexit 0\n' > $scripts/$name
  chmod 755 $scripts/$name
done
ln -s ../../etc/sysconfig/network-scripts/ifup /usr/sbin/ifup
ln -s ../../etc/sysconfig/network-scripts/ifdown /usr/sbin/ifdown
mkdir -p /etc/rc.d/init.d /etc/rc.d/rc3.d
printf '#!/bin/sh\n# chkconfig: 2345 10 90\nexit 0\n' > /etc/rc.d/init.d/network
chmod 755 /etc/rc.d/init.d/network
ln -s ../init.d/network /etc/rc.d/rc3.d/S10network
# The same two by the names that systemd looks under here.
ln -s ../rc.d/init.d/network /etc/init.d/network
ln -s ../init.d/network /etc/rc3.d/S10network
