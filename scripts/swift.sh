#!/usr/bin/env bash
# A real object storage for the tests: OpenStack Swift with its S3 interface, from Debian's packages, on
# loopback ports, with all it has in one folder.
#
#   scripts/swift.sh run COMMAND…   starts it, runs the command with TEST_S3_* set, stops it
#   scripts/swift.sh start FOLDER   starts it; prints TEST_S3_* lines
#   scripts/swift.sh stop FOLDER    stops what was started there
#
# Installs the packages when they are missing, which only root can.
set -euo pipefail

PACKAGES=(swift-proxy swift-account swift-container swift-object memcached)
SECRET=SKTEST12345

install_packages() {
  if command -v swift-proxy-server swift-object-server memcached >/dev/null; then return; fi
  if [ "$(id -u)" != 0 ]; then
    echo "Install these packages first: ${PACKAGES[*]}" >&2
    exit 69
  fi
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${PACKAGES[@]}" >&2
}

# As many free ports as asked for.
free_ports() {
  python3 - "$1" <<'PYTHON'
import socket, sys
taken = [socket.socket() for _ in range(int(sys.argv[1]))]
for one in taken: one.bind(('127.0.0.1', 0))
print(*[one.getsockname()[1] for one in taken])
PYTHON
}

# $1 role, $2 port
write_storage_conf() {
  cat >"$folder/$1.conf" <<CONF
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $2
user = $(id -un)
swift_dir = $folder
devices = $folder/devices
mount_check = false
workers = 0
log_level = WARNING
[pipeline:main]
pipeline = $1-server
[app:$1-server]
use = egg:swift#$1
CONF
}

write_proxy_conf() {
  cat >"$folder/proxy.conf" <<CONF
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $1
user = $(id -un)
swift_dir = $folder
workers = 0
log_level = WARNING
[pipeline:main]
pipeline = catch_errors gatekeeper cache listing_formats bulk s3api tempauth slo dlo proxy-server
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:$2
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
s3_acl = no
check_bucket_owner = no
auth_pipeline_check = false
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = $SECRET .admin
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
CONF
}

write_rings() {
  local role port
  while read -r role port; do
    for step in 'create 3 1 1' "add r1z1-127.0.0.1:$port/disk 1" rebalance; do
      # shellcheck disable=SC2086
      (cd "$folder" && swift-ring-builder "$role.builder" $step >>rings.log 2>&1) || [ $? = 1 ]
    done
  done
}

launch() {
  "$@" >>"$folder/servers.log" 2>&1 &
  echo $! >>"$folder/pids"
}

start() {
  install_packages
  mkdir -p "$1"
  folder=$(cd "$1" && pwd)
  mkdir -p "$folder/devices/disk"
  local ports
  read -ra ports < <(free_ports 5)
  printf '[swift-hash]\nswift_hash_path_suffix = rollcall\nswift_hash_path_prefix = tests\n[storage-policy:0]\nname = only\ndefault = yes\n' \
    >"$folder/swift.conf"
  write_storage_conf account "${ports[0]}"
  write_storage_conf container "${ports[1]}"
  write_storage_conf object "${ports[2]}"
  write_proxy_conf "${ports[3]}" "${ports[4]}"
  write_rings <<<"account ${ports[0]}
container ${ports[1]}
object ${ports[2]}"

  : >"$folder/pids"
  launch memcached -l 127.0.0.1 -p "${ports[4]}" -U 0 -u "$(id -un)"
  for role in account container object proxy; do
    launch "swift-$role-server" "$folder/$role.conf"
  done
  wait_until_up "${ports[3]}"
  echo "TEST_S3_ENDPOINT=http://127.0.0.1:${ports[3]}"
  echo "TEST_S3_ACCESS_KEY=test:tester"
  echo "TEST_S3_SECRET_KEY=$SECRET"
}

# Signing in makes all four servers work.
wait_until_up() {
  for _ in $(seq 60); do
    if python3 - "$1" "$SECRET" 2>/dev/null <<'PYTHON'
import sys, urllib.request
base, key = f'http://127.0.0.1:{sys.argv[1]}', sys.argv[2]
signed_in = urllib.request.urlopen(urllib.request.Request(
    f'{base}/auth/v1.0', headers={'X-Auth-User': 'test:tester', 'X-Auth-Key': key}), timeout=2)
urllib.request.urlopen(urllib.request.Request(
    signed_in.headers['X-Storage-Url'], headers={'X-Auth-Token': signed_in.headers['X-Auth-Token']}), timeout=2)
PYTHON
    then return; fi
    sleep 0.5
  done
  cat "$folder/servers.log" >&2
  stop "$folder"
  echo 'Swift did not start' >&2
  exit 69
}

stop() {
  local pid
  [ -f "$1/pids" ] || return 0
  while read -r pid; do kill "$pid" 2>/dev/null || true; done <"$1/pids"
  rm -f "$1/pids"
}

case "${1:-}" in
  start) start "$2" ;;
  stop) stop "$2" ;;
  run)
    shift
    where=$(mktemp -d)
    trap 'stop "$where"; rm -rf "$where"' EXIT
    start "$where" >"$where/environment"
    # shellcheck disable=SC2046
    env $(cat "$where/environment") "$@"
    ;;
  *)
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
