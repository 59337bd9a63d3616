# Runs in the laboratory's own network, if it has one: the PC/SC service, until standard input ends.
# Standard output is the listening socket of the service, which takes it as if systemd had handed it over; standard error is its log.
# The lines of standard input: `kill` takes the service away without warning, `start` brings another, at the same socket.
set -u
reader_folder=$1 own_network=$2 options=$3
if [ "$own_network" = yes ]; then
    ip link set lo up || exit 1
fi
exec 4>&1 1>&2
start() {
    # shellcheck disable=SC2086 # several options
    sh -c 'export LISTEN_FDS=1 LISTEN_PID=$$; folder=$1; shift; exec pcscd --foreground --info --config "$folder" "$@" 3>&4 4>&- </dev/null' \
        pcscd "$reader_folder" $options &
    service=$!
}
start
while read -r order; do
    case $order in
    kill)
        kill -9 "$service"
        wait "$service"
        echo "laboratory: the service is gone"
        ;;
    start) start ;;
    esac
done
kill "$service"
wait "$service"
