"""Rules to the automaton that the matcher walks, as plain JSON data.

`nodes` is a list of dicts from a symbol to what follows: the index of the next node, or,
where nothing follows, `-1 - code` of what is found. Symbols are words, `"{name}"` (an
entry of a word list), `GAP`, and the marks that end a sentence. Of the others, `ACCEPT`
has the list of codes found at the node itself, and `LISTS` marks nodes that a list leads
on from. A code is `2 * rule index`, plus 1 for an `unless`; for entries of word lists it
is the index of the list's name. `classes` and `longer` are `matching.Numbers`, packed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from .loading import Rule, RuleFolder
from .matching import ACCEPT, LISTS, Numbers
from .phrases import Automaton, is_one_word, list_names


class _Spelling:
    """Spellings and contractions of a language."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._variants: dict[str, str] = tables["spelling"]
        self._long: dict[str, tuple[str, ...]] = {}
        self.short: dict[tuple[str, str], list[str]] = {}
        for short, longs in tables["contractions"].items():
            self._long[short] = tuple(longs[0].split())
            for long in longs:
                first, second = long.split()
                self.short.setdefault((first, second), []).append(short)

    def spell(self, word: str) -> tuple[str, ...]:
        word = self._variants.get(word, word)
        return self._long.get(word, (word,))


class _Nodes:
    """Deterministic nodes of an automaton; equal ones are one."""

    def __init__(self, automaton: Automaton) -> None:
        self._automaton = automaton
        self.nodes: list[dict[str, Any]] = []
        self._by_states: dict[frozenset[int], int] = {}
        self._by_content: dict[str, int] = {}

    def node(self, states: frozenset[int]) -> int:
        """The index of the node for a set of states, or `-1 - code` for a lone code."""
        known = self._by_states.get(states)
        if known is not None:
            return known
        automaton = self._automaton
        after: dict[str, set[int]] = {}
        for state in states:
            for symbol, target in automaton.edges[state]:
                # "." stands for every end but a question's
                for part in (".", "!") if symbol == "." else (symbol,):
                    after.setdefault(part, set()).add(target)
        content: dict[str, Any] = {
            symbol: self.node(automaton.closure(targets))
            for symbol, targets in sorted(after.items())
        }
        codes = sorted({automaton.accepts[s] for s in states if s in automaton.accepts})
        if any(symbol[0] == "{" for symbol in content):
            content[LISTS] = 1
        if not content and len(codes) == 1:
            index = -1 - codes[0]
        else:
            if codes:
                content[ACCEPT] = codes
            key = json.dumps(content)
            index = self._by_content.setdefault(key, len(self.nodes))
            if index == len(self.nodes):
                self.nodes.append(content)
        self._by_states[states] = index
        return index


def compile_rules(folder: RuleFolder, tables: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that the matcher and the hints need of the rules, as JSON data.

    Args:
        folder: rules, and every list that they use.
        tables: the language's tables (`language.toml`).
    """
    spelling = _Spelling(tables)
    automaton = Automaton()
    used = {
        name
        for rule in folder.rules
        for phrase in (*rule.find, *rule.unless)
        for name in list_names(phrase)
    }
    names = [name for name in folder.lists if name in used]
    entries = [
        automaton.add(entry, index, spelling.spell)[0]
        for index, name in enumerate(names)
        for entry in folder.lists[name]
    ]
    roots: tuple[list[int], list[int]] = ([], [])
    for index, rule in enumerate(folder.rules):
        for kind, phrases in enumerate((rule.find, rule.unless)):
            for phrase in phrases:
                first, initial = automaton.add(phrase, 2 * index + kind, spelling.spell)
                roots[initial].append(first)
    _spell_out(automaton, [*roots[0], *roots[1]], folder.lists, spelling)
    _contract(automaton, spelling.short)
    nodes = _Nodes(automaton)
    multi = nodes.node(automaton.closure(entries))
    classes, longer = _list_words(nodes.nodes, multi)
    compiled = {
        "hash": content_hash(folder),
        "rules": [_fields(rule) for rule in folder.rules],
        "root": nodes.node(automaton.closure(roots[0])),
        "initial": nodes.node(automaton.closure(roots[1])),
        "multi": multi,
        "lists": [f"{{{name}}}" for name in names],
        "classes": Numbers.pack(classes),
        "longer": Numbers.pack(longer),
        "nodes": nodes.nodes,
    }
    words = {symbol for node in nodes.nodes for symbol in node} | set(classes)
    compiled["vocabulary"] = " ".join(sorted(word for word in words if word[0] not in "{.?! "))
    return compiled


def _spell_out(
    automaton: Automaton,
    roots: list[int],
    lists: Mapping[str, tuple[str, ...]],
    spelling: _Spelling,
) -> None:
    """Let phrases that begin with a list begin with each of its longer entries.

    Then a text's first two words already tell most places where nothing is found.
    """
    for state in sorted(automaton.closure(roots)):
        for symbol, target in list(automaton.edges[state]):
            if symbol[0] == "{":
                for entry in lists[symbol[1:-1]]:
                    if not is_one_word(entry, spelling.spell):
                        automaton.insert(entry, state, target, spelling.spell)


def _contract(automaton: Automaton, short: Mapping[tuple[str, str], list[str]]) -> None:
    """Let every pair of words with a short form be read in its short form too."""
    firsts = {first for first, _ in short}
    for state, edges in enumerate(automaton.edges):
        found = set()
        for symbol, after in edges:
            if symbol in firsts:
                for middle in automaton.closure([after]):
                    for second, target in automaton.edges[middle]:
                        for word in short.get((symbol, second), ()):
                            found.add((word, target))
        automaton.edges[state] = edges + sorted(found)


def _list_words(
    nodes: list[dict[str, Any]], multi: int
) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Words that are entries of lists, and words that begin longer ones, to the lists.

    Entries of a single word are taken out of the node `multi`.
    """
    classes: dict[str, list[int]] = {}
    longer: dict[str, list[int]] = {}
    root = nodes[multi] if multi >= 0 else {}
    for word, child in list(root.items()):
        if child < 0:
            classes[word] = [-1 - child]
            del root[word]
            continue
        if codes := nodes[child].get(ACCEPT, []):
            classes[word] = codes
        after = [node for symbol, node in nodes[child].items() if symbol != ACCEPT]
        longer[word] = sorted({code for node in after for code in _codes_within(nodes, node)})
    return classes, longer


def _codes_within(nodes: list[dict[str, Any]], child: int) -> list[int]:
    """The codes that can be found from a node on."""
    found: set[int] = set()
    waiting = [child]
    while waiting:
        node = waiting.pop()
        if node < 0:
            found.add(-1 - node)
            continue
        found.update(nodes[node].get(ACCEPT, ()))
        waiting += [after for word, after in nodes[node].items() if word != ACCEPT]
    return sorted(found)


def content_hash(folder: RuleFolder) -> str:
    """A short hash of what the rules and lists say, whatever their files and order."""
    content = [
        sorted(_identity(rule) for rule in folder.rules),
        sorted((name, *entries) for name, entries in folder.lists.items()),
    ]
    text = json.dumps(content, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _identity(rule: Rule) -> list[Any]:
    return [*_fields(rule), list(rule.find), list(rule.unless)]


def _fields(rule: Rule) -> list[Any]:
    """In the order of `matching.CompiledRule`."""
    return [
        rule.id,
        rule.dimension,
        rule.form,
        rule.practice,
        rule.strength,
        rule.negation,
        rule.feature,
        rule.hint,
        list(rule.replace),
    ]


def merge(*folders: RuleFolder) -> RuleFolder:
    """Several folders as one; a later rule or list replaces one of the same name."""
    rules: dict[str, Rule] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for folder in folders:
        rules.update((rule.id, rule) for rule in folder.rules)
        lists.update(folder.lists)
    return RuleFolder(tuple(rules.values()), lists)
