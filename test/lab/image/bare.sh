# First boot of a host where nobody installed ipvsadm.
apt_list=/var/lib/dpkg/info/ipvsadm.list
[ ! -e $apt_list ] || dpkg --purge --force-all ipvsadm > /dev/null 2>&1
rm -f /usr/sbin/ipvsadm /sbin/ipvsadm /usr/sbin/ipvsadm-save /usr/sbin/ipvsadm-restore
