#!/usr/bin/env bash
# Whole processes, as users wait for them: medians of wall time and the largest resident size. With ESP_AT_DIR,
# ESP_IDF_DIR and NVS_GEN_DIR set to checked-out repositories of Espressif (docs/benchmarks.md) it runs their tools
# beside ours on the same input and prints the ratio. All files are below TMPDIR or /dev/shm, where it is memory.
set -euo pipefail

atcert=$(realpath "${1:?usage: run.sh ATCERT [RUNS]}")
runs=${2:-21}
data=$(cd "$(dirname "${BASH_SOURCE[0]}")/../image/data" && pwd)
units=${ATCERT_BENCH_UNITS:-1000}
python=${PYTHON:-/usr/bin/python3}
base=${TMPDIR:-/dev/shm}
[[ -w $base ]] || base=/tmp
work=$(mktemp -d "$base/atcert-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

# time_of RUNS COMMAND... [--then OTHER...]: the median in milliseconds and the memory in MiB, a line for each command;
# two are run in three turns each.
time_of() {
  "$python" - "$@" <<'PYTHON'
import statistics, subprocess, sys, time
runs, words = int(sys.argv[1]), sys.argv[2:]
cut = words.index("--then") if "--then" in words else len(words)
commands = [words[:cut], words[cut + 1:]] if cut < len(words) else [words]
quiet = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

def wall(command):
    begin = time.perf_counter()
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL, **quiet)
    return 1000 * (time.perf_counter() - begin)

def resident(command):  # /usr/bin/time forks from a process that is small itself
    done = subprocess.run(["/usr/bin/time", "-f", "%M", *command], check=True, stderr=subprocess.PIPE, text=True, **quiet)
    return int(done.stderr.split()[-1]) / 1024

rounds = 3  # what slows the machine for a while slows both
times = [[] for _ in commands]
for _ in range(rounds):
    for command, own in zip(commands, times):
        own += [wall(command) for _ in range(-(-runs // rounds))]
for command, own in zip(commands, times):
    print(f"{statistics.median(own):.2f} {resident(command):.1f}")
PYTHON
}

row() { printf '%-46s %10s ms %8s MiB %10s\n' "$@"; }

measure() { # measure NAME COMMAND...
  row "$1" $(time_of "$runs" "${@:2}") ""
}

compare() { # compare NAME OTHER_NAME COMMAND... --then OTHER...
  local output results
  output=$(time_of "$runs" "${@:3}")
  mapfile -t results <<<"$output"
  row "$1" ${results[0]} ""
  row "  $2" ${results[1]} "$("$python" -c "print(f'{${results[1]% *} / ${results[0]% *}:.0f} x')")"
}

make_factory() { # 4 MiB: the tables and mfg_nvs of the test image, and random bytes where programs stand
  "$python" - "$data/factory/nvs.bin.gz" factory.bin <<'PYTHON'
import gzip, random, sys
image = bytearray(gzip.open(sys.argv[1]).read())
image += random.Random(1).randbytes(3 << 20)
open(sys.argv[2], "wb").write(image)
PYTHON
}

make_units() { # RSA 2048 as AWS makes them; a certificate each, as the batch demands, of one key, which is quicker made
  mkdir -p creds
  openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -subj /CN=bench -days 30 -out ca.pem 2>/dev/null
  openssl req -newkey rsa:2048 -nodes -keyout device.key -subj /CN=device -out device.csr 2>/dev/null
  echo serial,cert,key >units.csv
  local i
  for ((i = 1; i <= units; ++i)); do
    openssl x509 -req -in device.csr -CA ca.pem -CAkey ca.key -set_serial "$i" -days 20 -out "creds/$i.pem" 2>/dev/null
    echo "unit-$i,creds/$i.pem,device.key" >>units.csv
  done
}

fresh=(bash -c 'exec "$@-$$"' bash) # the last argument gets a number of its own: a folder that is new in every run

build_many=("$atcert" build --ca AmazonRootCA1 --module ESP32-WROOM-32)

batch() { # batch JOBS: all units, written anew in every run
  local result
  result=$(time_of 5 "${fresh[@]}" "${build_many[@]}" --manifest units.csv --jobs "$1" -o units)
  row "build --manifest, $units units, $1 jobs" $result "$("$python" -c "print(f'{1000 * $units / ${result% *}:.0f}/s')")"
  rm -rf units-*
}

mfg_gen() { # Espressif's own batch: 100 units of the same values
  local tool=$ESP_IDF_DIR/tools/mass_mfg/mfg_gen.py
  printf '%s\n' mqtt_ca,namespace, mqtt_ca,file,binary mqtt_cert,namespace, mqtt_cert,file,binary \
    mqtt_key,namespace, mqtt_key,file,binary >config.csv
  echo "id,mqtt_ca,mqtt_cert,mqtt_key" >values.csv
  local i
  for ((i = 1; i <= 100; ++i)); do echo "$i,$work/ca.pem,$work/creds/$i.pem,$work/device.key" >>values.csv; done
  head -101 units.csv >100.csv
  compare "build --manifest, 100 units, 1 job" "mfg_gen.py, 100 units" \
    "${fresh[@]}" "${build_many[@]}" --manifest 100.csv --jobs 1 --only-credentials -o units \
    --then env IDF_PATH="$ESP_IDF_DIR" \
    "${fresh[@]}" "$python" "$tool" generate config.csv values.csv unit 0x1C000 --outdir mfg
}

printf 'machine: %s, %s cores\n' "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)" "$(nproc)"
printf 'files: %s; median of %s runs\n\n' "$(df --output=fstype "$work" | tail -1)" "$runs"

credentials=(--cert "$data/ecc/certificate.pem" --key "$data/ecc/private.pem" --ca AmazonRootCA1)
build_pki=("$atcert" build "${credentials[@]}" --module ESP32-WROOM-32 --release 2.4.0.0 -o pki)
build_nvs=("$atcert" build "${credentials[@]}" --module ESP32-WROOM-32 --release 4.1.1.0 -o nvs)
build_into=("$atcert" build "${credentials[@]}" --into factory.bin --tx-power 60 -o patched.bin)
"${build_pki[@]}" >/dev/null 2>&1
"$atcert" inspect pki/mqtt_ca.bin --extract ca >/dev/null 2>&1
ca=$(echo "$work"/ca/*.pem)
make_factory
make_units

measure "/bin/true, what any process costs" /bin/true
measure "python3 -c pass" "$python" -c pass
if [[ -f ${ESP_AT_DIR:-}/tools/AtPKI.py ]]; then
  compare "build, PKI bins of 2.4.0.0" "AtPKI.py, three calls" "${build_pki[@]}" --then \
    bash -c 'for call in "ca $4" "cert $2" "key $3"; do "$0" "$1" generate_bin -b "${call% *}.bin" $call; done' \
    "$python" "$ESP_AT_DIR/tools/AtPKI.py" "$data/ecc/certificate.pem" "$data/ecc/private.pem" "$ca"
else
  measure "build, PKI bins of 2.4.0.0" "${build_pki[@]}"
fi
if [[ -n ${ESP_IDF_DIR:-}${NVS_GEN_DIR:-} ]]; then
  sed "s#\.\./ecc#$data/ecc#" "$data/nvs/minimal-ecc.csv" >values.csv # the credentials alone; ours has all values
fi
if [[ -n ${ESP_IDF_DIR:-} ]]; then
  compare "build, mfg_nvs of 4.1.1.0" "nvs_partition_gen.py of ESP-IDF" "${build_nvs[@]}" --then "$python" \
    "$ESP_IDF_DIR/components/nvs_flash/nvs_partition_generator/nvs_partition_gen.py" \
    generate values.csv mfg_nvs.bin 0x1C000 --outdir "$work/gen"
fi
if [[ -n ${NVS_GEN_DIR:-} ]]; then
  compare "build, mfg_nvs of 4.1.1.0" "esp_idf_nvs_partition_gen" "${build_nvs[@]}" --then env PYTHONPATH="$NVS_GEN_DIR" \
    "$python" -m esp_idf_nvs_partition_gen generate values.csv mfg_nvs.bin 0x1C000 --outdir "$work/gen"
elif [[ -z ${ESP_IDF_DIR:-} ]]; then
  measure "build, mfg_nvs of 4.1.1.0" "${build_nvs[@]}"
fi
if [[ -n ${ESP_AT_DIR:-} ]]; then
  compare "build --into, 4 MiB factory image" "at.py modify_bin, 4 MiB" "${build_into[@]}" --then \
    "$python" "$ESP_AT_DIR/tools/at.py" modify_bin -in factory.bin -o at.bin --mqtt_cert "$data/ecc/certificate.pem" \
    --mqtt_key "$data/ecc/private.pem" --mqtt_ca "$ca" --tx_power 60
else
  measure "build --into, 4 MiB factory image" "${build_into[@]}"
fi
if [[ -n ${ESP_IDF_DIR:-} ]]; then mfg_gen; fi
for jobs in 1 "$(nproc)"; do batch "$jobs"; done
