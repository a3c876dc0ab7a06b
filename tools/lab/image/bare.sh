# First boot of a host where nobody installed ipvsadm: as after "apt-get purge", without the half second of dpkg.
info=/var/lib/dpkg/info/ipvsadm
while read -r path; do
  [ -d "$path" ] || rm -f "$path"
done < $info.list
rm -f $info.* /etc/rc?.d/???ipvsadm /etc/default/ipvsadm /etc/ipvsadm.rules
rm -f /etc/systemd/system/multi-user.target.wants/ipvsadm.service
sed -i '/^Package: ipvsadm$/,/^$/d' /var/lib/dpkg/status
