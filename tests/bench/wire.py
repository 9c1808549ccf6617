#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long a push takes on a paced line, beside what the line itself needs: wire.py ATCERT [RUNS].

An emulated module of each storage generation holds RSA 2048 credentials and gets others (medians of wall time, a process
a push). The line's limit is ten bits a byte that is written or read back; the goal is a tenth more and 60 ms. The module's
flash time is not the line's: it is shown by itself, and is what the emulated module takes (lib/emulator/timing.hpp). Last, what
`provision` costs beyond all waits for the module, from the times of its dialogue in the demo.
"""
import json, pathlib, re, statistics, subprocess, sys, tempfile, time

ATCERT, RUNS = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 9
FLASH_MS = {"nvs": 3 * 10, "pki": 3 * (2 * 20 + 10)}


def run(*command, **more):
    return subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, **more).stdout


def make_credentials(folder):
    folder.mkdir()
    ca, key, csr, device = (folder / name for name in ("ca.pem", "device.key", "device.csr", "device.pem"))
    ca_key = folder.with_suffix(".ca-key")
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", ca_key, "-subj", f"/CN=bench {folder.name}",
        "-days", "30", "-out", ca)
    run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-subj", f"/CN=device {folder.name}", "-out", csr)
    run("openssl", "x509", "-req", "-in", csr, "-CA", ca, "-CAkey", ca_key, "-days", "20", "-out", device)
    csr.unlink()
    return folder


class Module:
    """An emulated module on a line of a fixed rate; the rate can be raised as on a real one."""

    def __init__(self, folder, generation, pace):
        self.port = folder / f"port-{generation}-{pace}"
        self.process = subprocess.Popen([ATCERT, "emulate", "--generation", generation, "--pace", str(pace), "--link",
                                         str(self.port), "-q"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.last = 0  # which set it holds
        assert self.process.stdout.readline(), "the emulated module did not start"  # it prints its port

    def __enter__(self):
        return self

    def push(self, credentials, *more):
        begin = time.perf_counter()
        report = json.loads(run(ATCERT, "push", "--creds", credentials, "-p", self.port, "--json", *more))
        return 1000 * (time.perf_counter() - begin), report

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def bytes_moved(report, state):
    return sum(slot["size"] for slot in report["slots"] if slot["state"] == state)


def row(name, took, line, flash):
    goal = 1.10 * line + 60
    print(f"{name:<52} {took:7.0f} ms {line:7.0f} ms {goal:7.0f} ms {flash:6.0f} ms")


def measure(module, sets, speed):
    """Medians of pushes of the other set and of the same one again, and the bytes that each moves."""
    times, moved = {"others": [], "equal": []}, {}
    for turn in range(RUNS):
        module.last = 1 - module.last
        for held in times:
            wall, report = module.push(sets[module.last], "--speed", speed)
            times[held].append(wall)
            moved[held] = 2 * bytes_moved(report, "written") + bytes_moved(report, "equal")
    return {held: statistics.median(each) for held, each in times.items()}, moved


def own_time(dialogue):
    """Milliseconds between what a module says and what it is told next. Before it is asked for its time again that is a
    pause of the script, in which the network is waited for."""
    own, heard = 0, None
    for stamp, arrow, line in re.findall(r"^(\d\d:\d\d:\d\d\.\d{3}) ([<>]) (.*)", dialogue, re.MULTILINE):
        hours, minutes, seconds = stamp.split(":")
        now = 1000 * (3600 * int(hours) + 60 * int(minutes) + float(seconds))
        if arrow == ">" and heard is not None and line != "AT+CIPSNTPTIME?":
            own += now - heard
        heard = now if arrow == "<" else None
    return own


def main():
    print(f"{'push, RSA 2048, median of ' + str(RUNS):<52} {'took':>10} {'line':>10} {'goal':>10} {'flash':>9}")
    with tempfile.TemporaryDirectory(prefix="atcert-wire.") as name:
        folder = pathlib.Path(name)
        sets = [make_credentials(folder / each) for each in ("one", "two")]
        for generation in ("nvs", "pki"):
            with Module(folder, generation, 115200) as module:
                module.push(sets[0])
                fixed, moved = measure(module, sets, "keep")
                raised, _ = measure(module, sets, "921600")
            for rate, took in ((115200, fixed), (921600, raised)):
                for held in took:
                    flash = FLASH_MS[generation] if held == "others" else 0
                    row(f"{generation}, {rate} baud, the module holds {held}", took[held], 10_000 * moved[held] / rate, flash)
            for held in fixed:
                print(f"  {held}: {fixed[held] / raised[held]:.1f} times faster when the rate is raised")
    acts = re.split(r"^(?=(?:pki|nvs): )", subprocess.run([ATCERT, "demo", "-vv"], check=True, stdout=subprocess.DEVNULL,
                                                         stderr=subprocess.PIPE, text=True).stderr, flags=re.MULTILINE)
    for act in acts[1:]:
        print(f"provision, {act[:3]}: {own_time(act):.0f} ms beyond the waits for the module and the network")


main()
