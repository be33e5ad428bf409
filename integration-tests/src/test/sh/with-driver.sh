#!/bin/sh
# with-driver.sh DRIVER DEVICE COMMAND ..: runs a command where sysfs says that a device has this driver, as it would on a host with the NIC.
# To be started in a mount namespace of its own (unshare -m).
set -e
driver=$1 device=$2
shift 2
mount -t tmpfs none /sys/class/net
mkdir -p "/sys/class/net/$device/device"
ln -s "../../../../bus/pci/drivers/$driver" "/sys/class/net/$device/device/driver"
exec "$@"
