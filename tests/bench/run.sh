#!/usr/bin/env bash
# Whole processes, as users wait for them: medians of wall time and the largest resident size. With ESP_AT_DIR and
# ESP_IDF_DIR set to checked-out repositories of Espressif (esp-at v4.1.1.0, esp-idf v5.0) it runs their public tools
# beside ours on the same input and prints the ratio. All files are below TMPDIR or /dev/shm, where it is memory.
set -euo pipefail

atcert=${1:?usage: run.sh ATCERT [RUNS]}
runs=${2:-21}
data=$(cd "$(dirname "${BASH_SOURCE[0]}")/../image/data" && pwd)
units=${ATCERT_BENCH_UNITS:-1000}
base=${TMPDIR:-/dev/shm}
[[ -w $base ]] || base=/tmp
work=$(mktemp -d "$base/atcert-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT

credentials=(--cert "$data/ecc/certificate.pem" --key "$data/ecc/private.pem" --ca "$data/ecc/AmazonRootCA1.pem")

# time_of RUNS COMMAND...: the median in milliseconds, and the largest resident size of its last run in MiB.
time_of() {
  python3 - "$@" <<'PYTHON'
import os, statistics, subprocess, sys, time
runs, command = int(sys.argv[1]), sys.argv[2:]
times, size = [], 0
for _ in range(runs):
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    times.append(1000 * (time.perf_counter() - begin))
    if status != 0:
        sys.exit("failed: " + " ".join(command))
    size = max(size, usage.ru_maxrss)
print(f"{statistics.median(times):.2f} {size / 1024:.1f}")
PYTHON
}

row() { printf '%-44s %10s ms %8s MiB %8s\n' "$@"; }

# compare NAME OURS_MS OURS_MIB THEIR_NAME COMMAND...: their figures, and how many times faster ours is.
compare() {
  local name=$1 ours=$2 result; shift 2
  result=$(cd "$work" && time_of "$((runs / 3 + 1))" "$@")
  row "$name" $result "$(python3 -c "print(f'{${result% *} / $ours:.0f} x')")"
}

measure() { # measure NAME COMMAND...: prints a row, leaves the milliseconds in $ms
  local name=$1 result; shift
  result=$(time_of "$runs" "$@")
  ms=${result% *}
  row "$name" $result ""
}

make_factory() { # 4 MiB: the tables and mfg_nvs of the test image, and random bytes where programs stand
  python3 - "$data/factory/nvs.bin.gz" "$work/factory.bin" <<'PYTHON'
import gzip, random, sys
image = bytearray(gzip.open(sys.argv[1]).read())
image += random.Random(1).randbytes(3 << 20)
open(sys.argv[2], "wb").write(image)
PYTHON
}

make_units() { # a certificate each, as the batch demands; the key is the same, which takes less time to make
  mkdir -p "$work/creds"
  openssl ecparam -name prime256v1 -genkey -noout -out "$work/ca.key" 2>/dev/null
  openssl req -x509 -new -key "$work/ca.key" -subj /CN=bench -days 30 -out "$work/ca.pem" 2>/dev/null
  openssl ecparam -name prime256v1 -genkey -noout -out "$work/device.key" 2>/dev/null
  openssl req -new -key "$work/device.key" -subj /CN=device -out "$work/device.csr" 2>/dev/null
  echo serial,cert,key,ca >"$work/units.csv"
  local i
  for ((i = 1; i <= units; ++i)); do
    openssl x509 -req -in "$work/device.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -set_serial "$i" -days 20 \
      -out "$work/creds/$i.pem" 2>/dev/null
    echo "unit-$i,creds/$i.pem,device.key,ca.pem" >>"$work/units.csv"
  done
}

batch() { # batch JOBS: a fresh run of all units
  local result
  rm -rf "$work/units"
  result=$(time_of 1 "$atcert" build --manifest "$work/units.csv" --jobs "$1" --module ESP32-WROOM-32 -o "$work/units")
  row "build --manifest, $units units, $1 jobs" $result "$(python3 -c "print(f'{1000 * $units / ${result% *}:.0f}/s')")"
}

printf 'machine: %s, %s cores\n' "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)" "$(nproc)"
printf 'files: %s; median of %s runs\n\n' "$(df --output=fstype "$work" | tail -1)" "$runs"

measure "build, PKI bins of 2.4.0.0" "$atcert" build "${credentials[@]}" --module ESP32-WROOM-32 --release 2.4.0.0 -o "$work/pki"
pki=$ms
measure "build, mfg_nvs of 4.1.1.0" "$atcert" build "${credentials[@]}" --module ESP32-WROOM-32 --release 4.1.1.0 -o "$work/nvs"
nvs=$ms
make_factory
measure "build --into, 4 MiB factory image" "$atcert" build "${credentials[@]}" --into "$work/factory.bin" --tx-power 60 -o "$work/patched.bin"
into=$ms
make_units
for jobs in 1 "$(nproc)"; do batch "$jobs"; done

if [[ -n ${ESP_AT_DIR:-} ]]; then
  pki_tool=$ESP_AT_DIR/tools/AtPKI.py
  if [[ -f $pki_tool ]]; then
    compare "AtPKI.py, three calls" "$pki" bash -c "for i in ca:AmazonRootCA1 cert:certificate key:private; do
      python3 '$pki_tool' generate_bin -b \$i.bin \${i%:*} '$data/ecc/'\${i#*:}.pem; done"
  fi
  compare "at.py modify_bin, 4 MiB" "$into" python3 "$ESP_AT_DIR/tools/at.py" modify_bin -in "$work/factory.bin" \
    -o "$work/at.bin" --mqtt_cert "$data/ecc/certificate.pem" --mqtt_key "$data/ecc/private.pem" \
    --mqtt_ca "$data/ecc/AmazonRootCA1.pem" --tx_power 60
fi
if [[ -n ${ESP_IDF_DIR:-} ]]; then
  compare "nvs_partition_gen.py, mfg_nvs" "$nvs" bash -c "cd '$data/nvs' && python3 \
    '$ESP_IDF_DIR/components/nvs_flash/nvs_partition_generator/nvs_partition_gen.py' generate minimal-ecc.csv \
    mfg_nvs.bin 0x1C000 --outdir '$work'"
fi
