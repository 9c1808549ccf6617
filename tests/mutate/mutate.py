# SPDX-License-Identifier: Apache-2.0
"""How many small mistakes the tests of a folder notice: makes the changes of rules.py in lib/FOLDER, one at a time in a
copy of the tree, builds and runs test_FOLDER with each, and lists those that no test caught. See ./dev mutate."""

import argparse
import fcntl
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import rules

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "mutate"
TREE = WORK / "tree"  # the copy: one can go on working while this runs
OBJECTS = WORK / "objects"
MOST_MEMORY = 4 << 30
BOX = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--ro-bind", ROOT, ROOT,
       "--setenv", "TMPDIR", "/tmp", "--unshare-pid", "--new-session", "--die-with-parent"]


@dataclass(frozen=True)
class Mutant:
    path: str  # in the tree, "lib/at/framer.cpp"
    source: str
    change: rules.Mutation

    def text(self):
        return self.source[: self.change.start] + self.change.text + self.source[self.change.end :]

    def line(self):
        return self.source.count("\n", 0, self.change.start) + 1

    def key(self):
        return f"{self.path}:{self.change.start}:{self.change.end}:{self.change.text!r}"

    def shown(self):
        """The lines that change, as they were and as they are."""
        first = self.source.rfind("\n", 0, self.change.start) + 1
        last = self.source.find("\n", self.change.end)
        was = self.source[first:last]
        now = self.source[first : self.change.start] + self.change.text + self.source[self.change.end : last]
        was, now = (" ".join(text.split()) for text in (was, now))
        return f"{self.path}:{self.line()}: {self.change.rule}\n    - {was}\n    + {now}"


def run(command, **options):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, **options).stdout


def copy_tree():
    """Files that did not change keep their times, so that the next run builds little."""
    wanted = set(run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT).split("\n")) - {""}
    for name in wanted:
        source, copy = ROOT / name, TREE / name
        if not source.is_file():
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        if not copy.is_file() or copy.read_bytes() != source.read_bytes():
            shutil.copyfile(source, copy)
    for copy in [path for path in TREE.rglob("*") if path.is_file()]:
        if str(copy.relative_to(TREE)) not in wanted or not (ROOT / copy.relative_to(TREE)).is_file():
            copy.unlink()


class Suite:
    """test_FOLDER as it is, and how to build and run it with one object exchanged."""

    def __init__(self, folder):
        self.name = f"test_{folder}"
        self.folder = folder
        copy_tree()
        flags = "-O0 -D_GLIBCXX_ASSERTIONS"  # which stop what a sanitizer would
        run(["cmake", "-S", TREE, "-B", OBJECTS, "-G", "Ninja", "-DCMAKE_CXX_COMPILER=clang++", "-DCMAKE_BUILD_TYPE=",
             f"-DCMAKE_CXX_FLAGS={flags}", "-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=mold"])
        subprocess.run(["ninja", "-C", OBJECTS, "--quiet", self.name], check=True)
        self.commands = {}
        for command in run(["ninja", "-C", OBJECTS, "-t", "commands", self.name]).split("\n"):
            source = re.search(r" -c (\S+\.cpp)$", command)
            if source:
                self.commands[source[1]] = command
            if f" -o tests/{self.name} " in command:
                self.link = command
        if subprocess.run([*BOX, "true"], check=False).returncode != 0:
            sys.exit("mutate: bwrap can make no sandbox here, and a mutant must not run outside of one")
        self.limit = 300.0
        began = time.monotonic()
        if self.caught_by(OBJECTS / "tests" / self.name, []):
            sys.exit(f"mutate: {self.name} fails as it is; mend it first")
        self.limit = 10 + 5 * (time.monotonic() - began)

    def build(self, mutant, place):
        """The test program with the mutant's object before the archive that holds the original; None if none."""
        source, made, program = place / "mutant.cpp", place / "mutant.o", place / self.name
        source.write_text(mutant.text())
        compile_command = shlex.split(self.commands[str(TREE / mutant.path)])
        for option, value in (("-o", made), ("-c", source), ("-MF", place / "mutant.d")):
            compile_command[compile_command.index(option) + 1] = str(value)
        link = shlex.split(self.link)
        link = link[link.index("&&") + 1 : len(link) - link[::-1].index("&&") - 1]
        link[link.index("-o") + 1] = str(program)
        archive = next(at for at, word in enumerate(link) if word.endswith(".a"))
        link.insert(archive, str(made))
        quiet = {"cwd": OBJECTS, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL,
                 "env": {**os.environ, "CCACHE_DISABLE": "1"}}
        for command in (compile_command + ["-w"], link):
            if subprocess.run(command, check=False, **quiet).returncode != 0:
                return None
        return program

    def caught_by(self, program, options):
        """Whether the tests fail, crash or hang. A mutant may remove or kill anything: it sees the machine read-only."""
        command = [*BOX, "prlimit", f"--as={MOST_MEMORY}", program, "--abort-after=1", "--no-intro", *options]
        try:
            return subprocess.run(command, cwd=OBJECTS, timeout=self.limit, check=False, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0
        except subprocess.TimeoutExpired:
            return True

    def judge(self, mutant, place):
        """'caught', 'survived', or 'no program' where it does not compile."""
        place.mkdir(parents=True, exist_ok=True)
        program = self.build(mutant, place)
        if program is None:
            return "no program"
        stem = Path(mutant.path).stem
        if (TREE / "tests" / self.folder / f"{stem}_test.cpp").exists():
            if self.caught_by(program, [f"--source-file=*/{self.folder}/{stem}_test.cpp"]):
                return "caught"
        return "caught" if self.caught_by(program, []) else "survived"


def chosen(folder, count, seed):
    """Mutants in turn from each file, at random within it, the same for the same seed."""
    queues = []
    for path in sorted((TREE / "lib" / folder).glob("*.cpp")):
        source, name = path.read_text(), str(path.relative_to(TREE))
        queue = [Mutant(name, source, change) for change in rules.mutations(source)]
        random.Random(f"{seed}/{name}").shuffle(queue)
        queues.append(queue)
    mutants = []
    while any(queues) and (count == 0 or len(mutants) < count):
        mutants += [queue.pop() for queue in queues if queue]
    return mutants[:count] if count else mutants


def judged(suite, mutants):
    """Each mutant with its verdict, as they come: as many at a time as there are processors."""
    workers = os.cpu_count() or 1
    places = [WORK / f"worker{number}" for number in range(workers)]

    def judge(mutant):
        place = places.pop()
        try:
            return suite.judge(mutant, place)
        finally:
            places.append(place)

    pool = ThreadPoolExecutor(workers)
    try:
        waiting = {pool.submit(judge, mutant): mutant for mutant in mutants}
        for future in as_completed(waiting):
            yield waiting[future], future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def report(folder, verdicts):
    total = Counter()
    for mutant, verdict in verdicts:
        if verdict == "survived":
            print(mutant.shown())
    for path in sorted({mutant.path for mutant, _ in verdicts}):
        counts = Counter(verdict for mutant, verdict in verdicts if mutant.path == path)
        total += counts
        print(f"{path}: {counts['caught']} caught, {counts['survived']} survived")
    built = total["caught"] + total["survived"]
    share = f" ({100 * total['caught'] / built:.1f} %)" if built else ""
    print(f"{folder}: {total['caught']} of {built} caught{share}, {total['survived']} survived; "
          f"{total['no program']} did not compile")


def main():
    parser = argparse.ArgumentParser(prog="./dev mutate", description=__doc__)
    parser.add_argument("folder", help="a folder of lib/ with a suite in tests/")
    parser.add_argument("count", nargs="?", default="100", help="a number; 'all'; 'again': those that survived last time")
    parser.add_argument("--seed", default="0", help="makes another choice (default 0)")
    arguments = parser.parse_args()
    folder, count = arguments.folder, arguments.count
    if not (ROOT / "lib" / folder).is_dir() or not (ROOT / "tests" / folder).is_dir():
        parser.error(f"no lib/{folder} with a suite in tests/{folder}")
    if not (count.isdigit() or count in ("all", "again")):
        parser.error("COUNT is a number, 'all' or 'again'")

    WORK.mkdir(parents=True, exist_ok=True)
    alone = (WORK / "lock").open("w")
    try:
        fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit("mutate: another run is at work in this tree")
    suite = Suite(folder)
    mutants = chosen(folder, int(count) if count.isdigit() else 0, arguments.seed)
    kept = WORK / f"{folder}.survivors"
    if count == "again":
        last = kept.read_text().split("\n") if kept.exists() else []
        mutants = [mutant for mutant in mutants if mutant.key() in last]
        gone = len([key for key in last if key]) - len(mutants)
        if gone:
            print(f"mutate: {gone} of them are gone: their files have changed", file=sys.stderr)
    verdicts = []
    for verdict in judged(suite, mutants):
        verdicts.append(verdict)
        if sys.stderr.isatty():
            print(f"\r{len(verdicts)} of {len(mutants)}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    verdicts.sort(key=lambda verdict: (verdict[0].path, verdict[0].change.start, verdict[0].change.text))
    kept.write_text("".join(mutant.key() + "\n" for mutant, verdict in verdicts if verdict == "survived"))
    report(folder, verdicts)


if __name__ == "__main__":
    main()
