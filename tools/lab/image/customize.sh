#!/bin/sh
# customize.sh ROOT: turn a plain Debian tree into a guest that boots in seconds.
set -eu
root=$1
here=$(dirname "$(readlink -f "$0")")
units="$root/etc/systemd/system"

rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*
# What kept services from starting while the tree was built, and this machine's name server.
rm -f "$root/usr/sbin/policy-rc.d"
[ ! -e "$root/sbin/start-stop-daemon.REAL" ] || mv "$root/sbin/start-stop-daemon.REAL" "$root/sbin/start-stop-daemon"
: > "$root/etc/resolv.conf"
install -D -m 755 "$here/lab-init" "$root/usr/lib/lab/init"
install -D -m 755 "$here/disk-beat" "$root/usr/lib/lab/disk-beat"

# The modules of each kernel that guests may boot, without debug information: what a network host needs and no more.
for kernel in "$LAB_MODULES"/*; do
  version=${kernel##*/}
  # /lib is a link where /usr is merged.
  modules="$root/lib/modules/$version"
  mkdir -p "$modules"
  (
    cd "$kernel"
    cp -a modules.builtin modules.builtin.modinfo modules.order "$modules/"
    # Since 6.8 fscache is a part of netfs.
    for part in net lib crypto drivers/net fs/nfs fs/nfsd fs/nfs_common fs/lockd fs/fscache fs/netfs fs/autofs; do
      [ ! -d "kernel/$part" ] || cp -a --parents "kernel/$part" "$modules/"
    done
  )
  find "$modules" -name '*.ko' -exec strip --strip-debug {} +
  chroot "$root" /sbin/depmod "$version"
done

# Units that a virtual host does without. Each program that starts costs 10 to 20 ms here.
for unit in systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket \
  systemd-udev-trigger.service systemd-udev-settle.service ifupdown-pre.service modprobe@configfs.service \
  modprobe@dm_mod.service modprobe@drm.service modprobe@efi_pstore.service modprobe@fuse.service \
  modprobe@loop.service kmod-static-nodes.service systemd-binfmt.service systemd-update-utmp.service \
  systemd-update-utmp-runlevel.service dev-mqueue.mount dev-hugepages.mount sys-kernel-debug.mount \
  sys-kernel-tracing.mount sys-kernel-config.mount sys-fs-fuse-connections.mount systemd-pstore.service \
  systemd-tmpfiles-setup-dev.service systemd-remount-fs.service systemd-random-seed.service \
  systemd-journal-flush.service systemd-logind.service getty@tty1.service getty.target console-getty.service \
  dpkg-db-backup.timer fstrim.timer apt-daily.timer apt-daily-upgrade.timer systemd-tmpfiles-clean.timer \
  systemd-firstboot.service systemd-sysusers.service systemd-machine-id-commit.service \
  systemd-boot-system-token.service e2scrub_reap.service e2scrub_all.timer proc-sys-fs-binfmt_misc.automount \
  systemd-ask-password-console.path systemd-ask-password-wall.path systemd-user-sessions.service \
  systemd-hwdb-update.service nfs-blkmap.service tmp.mount; do
  ln -sf /dev/null "$units/$unit"
done
mkdir -p "$units-generators"
for generator in systemd-cryptsetup systemd-debug systemd-getty systemd-gpt-auto systemd-hibernate-resume \
  systemd-integritysetup systemd-rc-local systemd-run systemd-ssh systemd-system-update \
  systemd-veritysetup nfs-server; do
  ln -sf /dev/null "$units-generators/$generator-generator"
done
# Since Debian 13 rpc_pipefs is mounted by its generator alone. Before, without the generator, it is mounted below /var/lib/nfs, where
# nfsdcld looks when nfs.conf names no folder. Without nfsdcld the NFS server of Linux 6.12 lets no client open a file in its first 90
# seconds.
if [ -e "$root/lib/systemd/system/var-lib-nfs-rpc_pipefs.mount" ]; then
  ln -sf /dev/null "$units-generators/rpc-pipefs-generator"
  [ ! -e "$root/etc/nfs.conf" ] || sed -i '/^pipefs-directory *=/d' "$root/etc/nfs.conf"
fi
chmod -x "$root"/etc/network/if-*.d/* 2>/dev/null || true
ln -sf /lib/systemd/system/multi-user.target "$units/default.target"

# Services that a host of the lab turns on for itself.
for unit in nfs-server.service nginx.service rpcbind.service rpcbind.socket nfs-client.target; do
  rm -f "$units"/*.wants/"$unit"
done

# The kernel has no nftables for IPv4: the older front ends work.
for name in iptables ip6tables; do
  ln -sf "/usr/sbin/$name-legacy" "$root/etc/alternatives/$name"
done

# What differs from guest to guest comes from its seed.
rm -f "$root"/etc/ssh/ssh_host_*
: > "$root/etc/machine-id"
: > "$root/etc/fstab"

# People: ops may do anything, pat may with a password, guest may not. None has a password to log in with but pat,
# and sshd takes keys only.
for user in ops pat guest; do
  chroot "$root" useradd --create-home --shell /bin/bash "$user"
  # An account locked with "!" is refused by sshd even with a key.
  chroot "$root" usermod --password '*' "$user"
done
echo 'pat:lvs-lab' | chroot "$root" chpasswd
chroot "$root" usermod --append --groups sudo pat
echo 'ops ALL=(ALL:ALL) NOPASSWD: ALL' > "$root/etc/sudoers.d/ops"
chmod 440 "$root/etc/sudoers.d/ops"

# sshd: early in the boot, with one cheap key exchange, and a log of its own that survives a reboot.
cat > "$root/etc/ssh/sshd_config.d/lab.conf" <<'CONFIG'
UsePAM no
UseDNS no
KexAlgorithms curve25519-sha256
PermitRootLogin prohibit-password
PasswordAuthentication no
AuthorizedKeysFile .ssh/authorized_keys /usr/lib/lab/authorized_keys
MaxStartups 1000
MaxSessions 100
CONFIG
cat > "$units/ssh.service" <<'UNIT'
[Unit]
Description=OpenBSD Secure Shell server (early)
DefaultDependencies=no
After=systemd-journald.socket
Before=shutdown.target
Conflicts=shutdown.target
[Service]
ExecStart=/usr/sbin/sshd -D -E /var/log/sshd.log
ExecReload=/bin/kill -HUP $MAINPID
KillMode=process
Restart=on-failure
RestartPreventExitStatus=255
Type=notify
RuntimeDirectory=sshd
RuntimeDirectoryMode=0755
RuntimeDirectoryPreserve=yes
[Install]
WantedBy=sysinit.target
UNIT
rm -f "$units/multi-user.target.wants/ssh.service" "$units/sshd.service"
mkdir -p "$units/sysinit.target.wants"
ln -sf /etc/systemd/system/ssh.service "$units/sysinit.target.wants/ssh.service"
