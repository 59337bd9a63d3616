# Runs in the laboratory's own network, if it has one: the PC/SC service, until standard input ends.
# Standard output is the listening socket of the service, which takes it as if systemd had handed it over; standard error is its log.
set -u
reader_folder=$1 own_network=$2
if [ "$own_network" = yes ]; then
    ip link set lo up || exit 1
fi
sh -c 'export LISTEN_FDS=1 LISTEN_PID=$$; exec pcscd --foreground --info --apdu --config "$1" 3>&1 1>&2 </dev/null' \
    pcscd "$reader_folder" &
service=$!
exec 1>&2
cat >/dev/null
kill "$service"
wait "$service"
