# First boot of a host where nobody installed ipvsadm.
# dpkg wants to see the administrators' folders on its path.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
dpkg --purge --force-depends ipvsadm > /dev/null
