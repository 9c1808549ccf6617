# SPDX-License-Identifier: Apache-2.0
"""The small changes that ./dev mutate makes in a C++ source, by rule: each is a mistake that a person could make, and
that a test should notice. It reads the source as text, which .clang-format has brought into one form, and leaves alone
what is no behaviour: comments, strings, directives, static assertions, capacities that only tune speed, and durations,
which nobody tells from others a millisecond longer."""

import re
from dataclasses import dataclass

COMPARISONS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
CONNECTIVES = {"&&": "||", "||": "&&"}
NO_LOSS = re.compile(r"^ATCERT_|reserve$|_free(?:_all)?$")  # a leak is found by the sanitizer of ./dev test
KEYWORDS = {"if", "for", "while", "switch", "return", "static_assert", "sizeof", "catch", "do", "else"}
NOT_CODE = re.compile(
    r"""(?P<gap>//[^\n]*|/\*.*?\*/|^[ ]*\#(?:\\\n|[^\n])*)
      | R"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)"
      | "(?:\\.|[^"\\\n])*" | (?<![0-9A-Fa-f])'(?:\\.[^']*|[^'\\\n])'""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
IDLE = re.compile(
    r"\bstatic_assert\s*\(|\breserve\s*\(|\bconstexpr \S+ k\w*(?:Capacity|Reserve|Hint)\b|\bconstexpr Milliseconds \w+"
)


@dataclass(frozen=True)
class Mutation:
    start: int
    end: int
    text: str  # what stands there afterwards
    rule: str


def masked(source):
    """The source with everything that is no code blanked, every character in its place.

    >>> masked('f("a < b", 1\\'000);  // x < y')
    'f("_____", 1\\'000);          '
    """

    def blank(match):
        if match["gap"] is not None:
            return re.sub(r"[^\n]", " ", match[0])
        return match[0][0] + re.sub(r"[^\n]", "_", match[0][1:-1]) + match[0][-1]

    return NOT_CODE.sub(blank, source)


def closing(code, opening):
    """Where the bracket closes that opens at `opening`."""
    depth = 0
    for at in range(opening, len(code)):
        depth += (code[at] in "({[") - (code[at] in ")}]")
        if depth == 0:
            return at
    return len(code) - 1


def statement_end(code, start):
    """Behind the semicolon that ends the statement at `start`, or None where a bracket closes before it."""
    at = start
    while at < len(code):
        if code[at] in "({[":
            at = closing(code, at)
        elif code[at] == ";":
            return at + 1
        elif code[at] in ")}]":
            return None
        at += 1
    return None


def blank_lines(source, start, end):
    """Nothing, in as many lines as stood there."""
    return "\n" * source.count("\n", start, end)


def negated_conditions(source, code):
    for match in re.finditer(r"\b(?:if|while) \(", code):
        start = match.end()
        end = closing(code, start - 1)
        start = max(start, code.rfind(";", start, end) + 1)
        if " = " in code[start:end]:
            continue  # a declaration
        condition = source[start:end].strip()
        simple = not re.search(r" (?:&&|\|\|)\s", code[start:end])
        if simple and re.search(r"^!| [=!]= ", condition):
            continue  # another rule's change says the same
        yield Mutation(start, end, f"!({condition})", "condition negated")
    for match in re.finditer(r"!(?=[\w(:])", code):
        yield Mutation(match.start(), match.end(), "", "negation dropped")


def exchanged_operators(_, code):
    for match in re.finditer(r"(?<= )(?:[<>]=?|[=!]=)(?=\s)", code):
        yield Mutation(match.start(), match.end(), COMPARISONS[match[0]], "comparison shifted")
    for match in re.finditer(r"(?<= )(?:&&|\|\|)(?=\s)", code):
        yield Mutation(match.start(), match.end(), CONNECTIVES[match[0]], "and/or exchanged")


def shifted_constants(_, code):
    for match in re.finditer(r"(?<![\w.'])(0[xX][0-9A-Fa-f']+|\d[\d']*)([uUlLzZ]*)(?![\w.'])", code):
        digits = match[1].replace("'", "")
        number = int(digits, 0) if digits.lower().startswith("0x") else int(digits)
        shifted = f"0x{number + 1:X}" if digits.lower().startswith("0x") else str(number + 1)
        yield Mutation(match.start(), match.end(), shifted + match[2], "constant off by one")


def removed_checks(source, code):
    for match in re.finditer(r"\bATCERT_CHECK\(", code):
        end = closing(code, match.end() - 1)
        dropped = blank_lines(source, match.start(), end)
        yield Mutation(match.start(), end + 1, dropped, "check dropped")
        yield Mutation(match.start(), end + 1, f"static_cast<void>({source[match.end():end]})", "failure ignored")
    for match in re.finditer(r"\bif \(", code):
        then = closing(code, match.end() - 1) + 1
        leaves = re.compile(r"(?:\s+(\{))?\s+(?:return|continue|break)\b").match(code, then)
        if not leaves:
            continue
        if leaves[1]:
            end = closing(code, leaves.start(1)) + 1
            if statement_end(code, leaves.end()) != len(code[:end - 1].rstrip()):
                continue  # more than one statement
        else:
            end = statement_end(code, leaves.end())
        if re.compile(r"\s*else\b").match(code, end) or re.compile(r"else\s*$").search(code, 0, match.start()):
            continue
        yield Mutation(match.start(), end, ";" + blank_lines(source, match.start(), end), "early exit dropped")


def dropped_calls(source, code):
    for match in re.finditer(r"(?<=[;{})])\s+((?:[\w:]+(?:\.|->))*[\w:]+)\(", code):
        if match[1] in KEYWORDS or NO_LOSS.search(match[1]):
            continue
        end = statement_end(code, match.start(1))
        if end is not None:
            yield Mutation(match.start(1), end, ";" + blank_lines(source, match.start(1), end), "call dropped")


def changed_returns(_, code):
    opposite = {"true": "false", "false": "true"}
    for match in re.finditer(r"\breturn\s+", code):
        end = statement_end(code, match.end())
        if end is None:
            continue
        value = code[match.end():end - 1]
        if value in opposite:
            yield Mutation(match.end(), end - 1, opposite[value], "return value changed")
        elif value not in ("{}", "std::nullopt", "nullptr", "0"):
            yield Mutation(match.end(), end - 1, "{}", "return value changed")


RULES = (negated_conditions, exchanged_operators, shifted_constants, removed_checks, dropped_calls, changed_returns)


def mutations(source):
    """Every change that the rules make in a source, in the order of their places.

    >>> def changed(source): return [source[:m.start] + m.text + source[m.end:] for m in mutations(source)]
    >>> changed('{ if (a < 1) return none(); }')
    ['{ ; }', '{ if (!(a < 1)) return none(); }', '{ if (a <= 1) return none(); }', '{ if (a < 2) return none(); }', \
'{ if (a < 1) return {}; }']
    >>> changed('{ constexpr Milliseconds kPause{30}; names.reserve(16); }')
    []
    >>> changed('{ ATCERT_CHECK(check(x)); }')
    ['{ ; }', '{ static_cast<void>(check(x)); }']
    >>> changed('{ at.feed(0x0F); }')
    ['{ ; }', '{ at.feed(0x10); }']
    """
    code = masked(source)
    idle = [(match.start(), statement_end(code, match.start()) or match.end()) for match in IDLE.finditer(code)]
    found = {
        mutation
        for rule in RULES
        for mutation in rule(source, code)
        if not any(start <= mutation.start < end for start, end in idle)
    }
    return sorted(found, key=lambda mutation: (mutation.start, mutation.end, mutation.text))
