#!/usr/bin/env python3
"""Recomputes what a built page states from the answers of its runs to single items.

    pip install numpy scipy==1.17.* statsmodels==0.14.*
    ftreport export SOURCE --answers > answers.jsonl
    Tests/Parity/check_page.py _site/NAME.json answers.jsonl

Every mean, difference, standard error, number of degrees, interval, p, family, verdict, letter and set
of the best in NAME.json is computed again by the formulas of docs/statistics.md, with numpy, scipy and
statsmodels and nothing of ftreport. Prints the largest difference of each kind of number and fails if
one exceeds 1e-9 of its size, or if a word differs.
"""

import itertools
import json
import math
import re
import sys
from collections import Counter, defaultdict

import numpy as np
from scipy import stats
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.multitest import multipletests

TOLERANCE = 1e-9
SUMMARIES = {"mean": np.mean, "min": np.min, "max": np.max, "count": len,
             "sd": lambda values: np.std(values, ddof=1)}
QUANTITIES = {
    "train.loss": lambda cell: cell["train"]["losses"][-1],
    "train.accuracy": lambda cell: cell["train"]["accuracy"],
    "train.seconds": lambda cell: cell["train"]["seconds"],
    "train.tokens": lambda cell: cell["train"]["tokens"],
    "train.steps": lambda cell: cell["train"]["steps"],
    "seconds": lambda cell: cell["seconds"],
    "trainable-parameters": lambda cell: (cell["train"] or {}).get("trainableParameters", 0),
    "demonstrations": lambda cell: cell["demonstrations"],
    "memory.key-value": lambda cell: cell["memory"]["keyValue"],
    "memory.resident": lambda cell: cell["memory"]["rssPeak"],
}
UNSURE = ["train.loss", "train.accuracy", "train.seconds", "seconds", "memory.resident"]


class Scores:
    """Scores by seed, and by seed and item of each set: a value plus deviations of items."""

    def __init__(self, values, items=None, deterministic=False):
        self.values, self.deterministic = np.asarray(values, float), deterministic
        self.items = {name: np.asarray(rows, float) for name, rows in (items or {}).items()}

    def combined(self, other, operation, by_self, by_other):
        items = defaultdict(float)
        for scores, slope in ((self, by_self), (other, by_other)):
            for name, rows in scores.items.items():
                items[name] = items[name] + np.reshape(slope, (-1, 1)) * rows
        values = operation(self.values, other.values)
        return Scores(values, items, self.deterministic and other.deterministic)

    def __add__(self, other):
        return self.combined(other, np.add, np.ones_like(self.values), np.ones_like(self.values))

    def __sub__(self, other):
        return self.combined(other, np.subtract, np.ones_like(self.values), -np.ones_like(self.values))

    def __mul__(self, other):
        return self.combined(other, np.multiply, other.values, self.values)

    def __truediv__(self, other):
        return self.combined(
            other, np.divide, 1 / other.values, -self.values / other.values**2)

    def scaled(self, factor):
        return self * Scores(np.full(len(self.values), factor), deterministic=True)


class Contrast:
    """A mean over seeds and items with its standard error and degrees of freedom."""

    def __init__(self, scores, looks_up=False):
        sets = [rows for rows in scores.items.values() if rows.shape[1] > 1]
        values = scores.values
        one = len(values) == 1 or scores.deterministic and sets
        self.seeds = 1 if one else len(values)
        self.items = sum(rows.shape[1] for rows in sets)
        self.estimate = values[: self.seeds].mean()
        if np.ptp(values[: self.seeds]) == 0:
            self.estimate = values[0]
        self.basis = "these runs, other items" if one else (
            "other seeds and items" if sets else "seeds only")
        if one:
            variance = sum(rows[0].var(ddof=1) / rows.shape[1] for rows in sets)
            self.freedom = min((rows.shape[1] for rows in sets), default=0) - 1
        else:
            S = len(values)
            of_seeds, of_items, of_both = values.var(ddof=1) / S, 0.0, 0.0
            for rows in sets:
                I = rows.shape[1]
                means = rows.mean(axis=0)
                of_items += (means**2).sum() / (I * (I - 1))
                of_both += ((rows - means) ** 2).sum() / ((I - 1) * (S - 1)) / (S * I)
            if looks_up and len(sets) == 1 and of_both > 0:
                self.check(values, sets[0], of_seeds, of_items, of_both)
            variance = max(of_seeds + of_items - of_both, of_seeds, of_items)
            self.freedom = S - 1
        self.error = math.sqrt(variance)

    @staticmethod
    def check(values, rows, *parts):
        """Mean squares by statsmodels' analysis of variance."""
        import pandas
        from statsmodels.formula.api import ols

        S, I = rows.shape
        seed, item = np.indices(rows.shape)
        table = pandas.DataFrame(
            {"d": (rows + values[:, None]).ravel(), "seed": seed.ravel(), "item": item.ravel()})
        found = anova_lm(ols("d ~ C(seed) + C(item)", table).fit())["mean_sq"] / (S * I)
        for name, part in zip(("C(seed)", "C(item)", "Residual"), parts):
            note("mean square (statsmodels)", found[name], part, "")

    def interval(self, confidence):
        if not self.error > 0:
            return None
        half = stats.t.ppf(0.5 + confidence / 2, self.freedom) * self.error
        return self.estimate - half, self.estimate + half

    def p(self, boundary):
        if not self.error > 0:
            return None
        return 2 * stats.t.sf(abs(self.estimate - boundary) / self.error, self.freedom)


worst = {}
words = []


def note(kind, ours, theirs, place):
    """Remembers the largest difference of a kind of number, of its size."""
    if (ours is None) != (theirs is None):
        words.append(f"{place}: {kind} {theirs}, here {ours}")
        return
    if ours is None:
        return
    scale = max(abs(ours), abs(theirs), 1e-3)
    difference = abs(ours - theirs) / scale
    count, most, where = worst.get(kind, (0, 0, ""))
    worst[kind] = (count + 1, max(most, difference), place if difference > most else where)


def same(kind, ours, theirs, place):
    """Remembers a word that differs."""
    counts[kind] += 1
    if ours != theirs:
        words.append(f"{place}: {kind} {theirs!r}, here {ours!r}")


counts = Counter()


class Page:
    def __init__(self, page, answers):
        self.page = page
        # Runs of one sample, of which there are several where initialisations are apart from samples.
        self.cells = defaultdict(list)
        self.shapes = {}
        for cell in page["cells"]:
            shape = self.shapes.setdefault(
                cell["experiment"], {"methods": [], "shots": [], "seeds": [], "task": cell["task"]})
            for key in ("method", "shots", "seed"):
                if cell[key] not in shape[key.rstrip("s") + "s"]:
                    shape[key.rstrip("s") + "s"].append(cell[key])
            place = (cell["experiment"], cell["method"], cell["shots"], cell["seed"])
            self.cells[place].append(cell)
        self.every = [cell for cells in self.cells.values() for cell in cells]
        self.keys = defaultdict(set)
        for cell in self.every:
            self.keys[cell["experiment"], cell["method"]].add(cell["key"])
        self.published = {block["label"]: block["numbers"] for block in page.get("references", [])}
        self.rows = defaultdict(lambda: ([], [], []))
        self.parts = defaultdict(dict)
        self.truth, self.sets = {}, defaultdict(list)
        with open(answers, encoding="utf-8") as lines:
            for line in map(json.loads, lines):
                key = (line["experiment"], line["method"], line["shots"], line["seed"],
                       line.get("initSeed"))
                for name in [line["set"], *line["parts"]]:
                    truth, answer, word = self.rows[(*key, name)]
                    truth.append(line["truth"])
                    answer.append(line["answer"])
                    word.append(line.get("vocabularyAnswer"))
                if line["set"] not in self.sets[line["experiment"]]:
                    self.sets[line["experiment"]].append(line["set"])
        for key, (truth, _, _) in self.rows.items():
            self.truth.setdefault((key[0], key[5]), truth)
        self.memo = {}

    def classes(self, experiment, name):
        for cell in self.every:
            if cell["experiment"] == experiment and name in cell.get("metrics", {}):
                return round(1 / cell["metrics"][name]["chance"])
        return len(set(self.truth[experiment, name]))

    def level(self, experiment, name, metric):
        """What an answer that needs no skill scores."""
        if metric == "mcc":
            return 0.0
        truth = self.truth.get((experiment, name))
        if truth is None:
            return None
        count = self.classes(experiment, name)
        shares = {label: n / len(truth) for label, n in Counter(truth).items()}
        if metric == "accuracy":
            return max(max(shares.values()), 1 / count)
        if metric == "macro-f1":
            most = max(shares.values())
            guess = sum(2 * s / count / (s + 1 / count) for s in shares.values()) / count
            return max(2 * most / (1 + most) / count, guess)
        if metric.startswith("f1-"):
            share = shares.get(metric[3:], 0)
            return 2 * share / (1 + share)
        return None

    def scores(self, experiment, method, shots, metric):
        """Scores of one method at one number of shots; None while a run is missing."""
        key = (experiment, method, shots, metric)
        if key not in self.memo:
            self.memo[key] = self.make(*key)
        return self.memo[key]

    def make(self, experiment, method, shots, metric):
        values, rows, keys = [], [], set()
        shape = self.shapes[experiment]
        name = metric.partition(".")[0]
        for seed in shape["seeds"]:
            cells = self.cells[experiment, method, shots, seed]
            keys |= {cell["key"] for cell in cells}
            runs = [self.run(cell, metric) for cell in cells]
            if any(run is None for run in runs):
                return None
            # The value of a sample is the mean over its initialisations.
            values.append(np.mean([value for value, _ in runs]))
            if all(items is not None for _, items in runs):
                rows.append(np.mean([items - items.mean() for _, items in runs], axis=0))
        items = {}
        if len(rows) == len(values) and len(rows[0]) > 1:
            items[f"{shape['task']}/{name}/{len(rows[0])}"] = np.array(rows)
        return Scores(values, items, deterministic=len(keys) == 1)

    def run(self, cell, metric):
        """A metric of one run with what each item adds to it; None for a run that is missing."""
        name, _, measure = metric.partition(".")
        if cell["status"] in ("failed", "missing"):
            return None
        if metric in QUANTITIES or name == "memory":
            if cell["status"] == "diverged":
                return None
            return QUANTITIES.get(metric, lambda cell: cell["memory"][measure])(cell), None
        experiment = cell["experiment"]
        truth, answer, word = self.rows.get(
            (experiment, cell["method"], cell["shots"], cell["seed"], cell.get("initSeed"), name),
            (None, None, None))
        if cell["status"] == "diverged":
            truth = self.truth[experiment, name]
            answer = [Counter(truth).most_common()[0][0]] * len(truth)
        if truth is None:
            return cell["metrics"][name][measure], None
        is_word = measure == "vocabulary-accuracy"
        value, items = item_scores(
            "accuracy" if is_word else measure, truth, word if is_word else answer,
            self.classes(experiment, name))
        if value is None:
            return cell["metrics"][name][measure], None
        if cell["status"] == "ok":
            note("metric of a run", value, cell["metrics"][name][measure],
                 f"{key_words(cell)} {metric}")
        return value, items


def key_words(cell):
    return f"{cell['experiment']} {cell['method']} {cell['shots']} {cell['seed']}"


def item_scores(metric, truth, answer, classes):
    """A metric with what each item adds to it: jackknife values for what is no mean."""
    if metric == "accuracy":
        right = np.array([t == a for t, a in zip(truth, answer)], float)
        return right.mean(), right
    kinds = Counter(zip(truth, answer))
    whole = metric_value(metric, kinds, classes)
    if whole is None:
        return None, None
    if metric in ("collapse", "majority", "chance", "no-label"):
        return whole, None
    n, known = len(truth), {}
    for kind in kinds:
        rest = kinds.copy()
        rest[kind] -= 1
        known[kind] = n * whole - (n - 1) * metric_value(metric, rest, classes)
    return whole, np.array([known[kind] for kind in zip(truth, answer)])


def metric_value(metric, kinds, classes):
    n = sum(kinds.values())
    true, said = Counter(), Counter()
    for (truth, answer), count in kinds.items():
        true[truth] += count
        said[answer] += count
    right = {label: kinds.get((label, label), 0) for label in true}
    if metric == "mcc":
        covariance = sum(right.values()) * n - sum(true[label] * said[label] for label in true)
        spread = (n**2 - sum(c**2 for c in said.values())) * (n**2 - sum(c**2 for c in true.values()))
        return covariance / math.sqrt(spread) if spread > 0 else 0.0
    if metric == "macro-f1":
        labels = (set(true) | set(said)) - {None}
        return sum(metric_value(f"f1-{label}", kinds, classes) for label in labels) / classes
    if metric.startswith("f1-"):
        label = metric[3:]
        support = true[label] + said[label]
        return 2 * kinds.get((label, label), 0) / support if support else 0.0
    values = {"majority": max(true.values()) / n, "chance": 1 / classes,
              "collapse": max(said.values()) / n, "no-label": said[None] / n}
    return values.get(metric)


# Claims: their expressions, read anew.

TOKEN = re.compile(
    r"\s*(?:([0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(%?)|([A-Za-z][\w-]*)|(>=|<=|[-+*/()\[\],.=<>]))")


class Parser:
    def __init__(self, text):
        self.tokens, place = [], 0
        while place < len(text.rstrip()):
            found = TOKEN.match(text, place)
            number, percent, name, sign = found.groups()
            if number:
                self.tokens.append(("number", float(number) / (100 if percent else 1)))
            else:
                self.tokens.append(("name", name) if name else ("sign", sign))
            place = found.end()
        self.tokens.append(("end", ""))

    def take(self, *wanted):
        if self.tokens[0][1] in wanted and self.tokens[0][0] != "number":
            return self.tokens.pop(0)[1]
        return None

    def sum(self):
        left = self.product()
        while sign := self.take("+", "-"):
            left = (sign, left, self.product())
        return left

    def product(self):
        left = self.factor()
        while sign := self.take("*", "/"):
            left = (sign, left, self.factor())
        return left

    def factor(self):
        if self.take("-"):
            return ("neg", self.factor())
        if self.take("("):
            inner = self.sum()
            self.take(")")
            return inner
        kind, word = self.tokens.pop(0)
        if kind == "number":
            return ("number", word)
        if self.take("("):
            inner = self.sum()
            self.take(")")
            return ("summary", word, inner)
        method = shots = seed = None
        if self.take("["):
            while not self.take("]"):
                kind, item = self.tokens.pop(0)
                if kind == "number":
                    shots = int(item)
                elif self.take("="):
                    value = self.tokens.pop(0)[1]
                    method = value if item == "method" else method
                    seed = int(value) if item == "seed" else seed
                    if item == "shots":
                        shots = value if value in ("min", "max") else int(value)
                else:
                    method = item
                self.take(",")
        path = []
        while self.take("."):
            path.append(self.tokens.pop(0)[1])
        return ("select", word, method, shots, seed, ".".join(path))


def selections(node):
    if node[0] == "select":
        return [node]
    return [found for part in node[1:] if isinstance(part, tuple) for found in selections(part)]


class Judge:
    """Evaluates contrasts of a page, each in its largest family."""

    def __init__(self, data):
        self.data, self.families, self.names, self.contrasts = data, {}, {}, {}

    # Keys, which count the contrasts of a family.

    def is_constant(self, node):
        if node[0] == "summary" and node[1] != "mean":
            return True
        return all(
            s[1] in self.data.published or s[5].endswith((".majority", ".chance"))
            for s in selections(node))

    def is_exact(self, node):
        def exact(s):
            quantity = s[5] in QUANTITIES or s[5].startswith("memory.")
            return self.is_constant(s) or quantity and s[5] not in UNSURE
        return all(exact(s) for s in selections(node))

    def text(self, node):
        if node[0] == "number":
            return str(node[1])
        if node[0] == "select":
            _, experiment, method, shots, seed, metric = node
            shape = self.data.shapes.get(experiment, {"methods": [], "shots": [], "seeds": []})
            method = method or (shape["methods"][0] if len(shape["methods"]) == 1 else None)
            shots = self.shots(shape, shots)
            if shots is None and len(shape["shots"]) == 1:
                shots = shape["shots"][0]
            if len(self.data.keys[experiment, method]) == 1 and len(shape["seeds"]) * len(shape["shots"]) > 1:
                shots = "no examples"
            return f"{experiment}[{method}, {shots}, {seed}].{metric}"
        return "(" + " ".join(self.text(p) if isinstance(p, tuple) else p for p in node) + ")"

    @staticmethod
    def shots(shape, shots):
        return {"min": min, "max": max}[shots](shape["shots"]) if shots in ("min", "max") else shots

    @staticmethod
    def bare(node):
        return node[2] if node[0] == "summary" and node[1] == "mean" else node

    def form(self, left, right):
        """(kind, first, second, sign, constant, key) of left − right."""
        left, right, constant = self.bare(left), self.bare(right), ("number", 0.0)
        if (self.is_constant(right) and left[0] == "-" and not self.is_constant(left[1])
                and not self.is_constant(left[2])):
            constant, left, right = right, self.bare(left[1]), self.bare(left[2])
        ours, theirs = self.is_constant(left), self.is_constant(right)
        if ours and theirs:
            return ("constant", None, None, 1, ("-", right, left), None)
        if theirs:
            return ("one", left, None, 1, right, self.text(left))
        if ours:
            return ("one", right, None, -1, ("neg", left), self.text(right))
        first, second = self.text(left), self.text(right)
        if first <= second:
            return ("two", left, right, 1, constant, f"{first} − {second}")
        return ("two", right, left, -1, constant, f"{second} − {first}")

    def declare(self, name, level, forms):
        keys = {f[5] for f in forms if f[5] and not all(
            self.is_exact(side) for side in f[1:3] if side)}
        if not keys:
            return
        confidence = 1 - level / len(keys)
        for key in keys:
            if self.families.get(key, (None, 0, 0, 0))[3] < confidence:
                self.families[key] = (name, len(keys), level, confidence)

    # Values.

    def scored(self, node):
        """A number, Scores, or None where a run is missing."""
        if node[0] == "number":
            return node[1]
        if node[0] == "select":
            return self.selected(node)
        if node[0] == "neg":
            return self.arithmetic("-", 0.0, self.scored(node[1]))
        if node[0] == "summary":
            if node[1] == "mean" and not any(s[1] in self.data.published for s in selections(node)):
                return self.scored(node[2])
            return self.summary(node)
        return self.arithmetic(node[0], self.scored(node[1]), self.scored(node[2]))

    def summary(self, node):
        inner = node[2]
        if inner[0] != "select":
            sys.exit(f"the check knows no {node[1]}() of an expression")
        _, experiment, method, shots, seed, metric = inner
        if experiment in self.data.published:
            values = [n["value"] for n in self.numbers(inner)]
        else:
            shape = self.data.shapes[experiment]
            values = [
                value
                for m in ([method] if method else shape["methods"])
                for n in ([self.shots(shape, shots)] if shots is not None else shape["shots"])
                for value in self.data.scores(experiment, m, n, metric).values]
        return float(SUMMARIES[node[1]](values))

    def numbers(self, node):
        _, label, method, shots, _, metric = node
        found = [n for n in self.data.published[label]
                 if n["metric"] == metric and method in (None, n["method"])]
        if shots in ("min", "max"):
            shots = {"min": min, "max": max}[shots](n["shots"] for n in found)
        return [n for n in found if shots in (None, n["shots"])]

    def selected(self, node):
        _, experiment, method, shots, seed, metric = node
        if experiment in self.data.published:
            return self.numbers(node)[0]["value"]
        shape = self.data.shapes[experiment]
        parts = [
            self.data.scores(experiment, m, n, metric)
            for m in ([method] if method else shape["methods"])
            for n in ([self.shots(shape, shots)] if shots is not None else shape["shots"])]
        if any(part is None for part in parts):
            return None
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        total = total.scaled(1 / len(parts)) if len(parts) > 1 else total
        if seed is None:
            return total
        place = [shape["seeds"].index(seed)]
        return Scores(total.values[place], {k: v[place] for k, v in total.items.items()},
                      total.deterministic)

    @staticmethod
    def arithmetic(sign, left, right):
        if left is None or right is None:
            return None
        operation = {"+": lambda a, b: a + b, "-": lambda a, b: a - b,
                     "*": lambda a, b: a * b, "/": lambda a, b: a / b}[sign]
        count = next((len(s.values) for s in (left, right) if isinstance(s, Scores)), None)
        if count is None:
            return operation(left, right)
        both = [s if isinstance(s, Scores) else Scores(np.full(count, s), deterministic=True)
                for s in (left, right)]
        return operation(*both)

    def contrast(self, form, looks_up=False):
        """(Contrast of the sides, sides with floors) of a form's key."""
        kind, first, second, _, _, key = form
        if key not in self.contrasts:
            sides = []
            if kind == "two":
                scores = self.arithmetic("-", self.scored(first), self.scored(second))
                sides = [first, second]
            elif kind == "one":
                scores = self.scored(first)
            elif kind == "trend":
                sides = form[6]
                scores = self.slope(sides)
            else:
                scores = self.ranks(form)
            floors = [self.floor(side) for side in sides]
            known = [s for s in floors if s is not None]
            self.contrasts[key] = (
                scores, Contrast(scores, looks_up) if scores is not None else None,
                known if len(known) == len(sides) else [])
        return self.contrasts[key]

    def floor(self, side):
        if side[0] != "select" or side[1] in self.data.published:
            return None
        name, _, measure = side[5].partition(".")
        level = self.data.level(side[1], name, measure) if measure else None
        scores = self.scored(side)
        if level is None:
            return None
        return (self.text(side), Contrast(scores) if scores is not None else None, level)

    def slope(self, sides):
        scores = [self.scored(side) for side in sides]
        if any(s is None for s in scores):
            return None
        places = np.log2([side[3] for side in sides])
        weights = (places - places.mean()) / ((places - places.mean()) ** 2).sum()
        total = scores[0].scaled(weights[0])
        for part, weight in zip(scores[1:], weights[1:]):
            total = total + part.scaled(weight)
        return total

    def ranks(self, form):
        first, second = form[1], form[2]
        shape = self.data.shapes[first[1]]
        shots = self.shots(shape, first[3])
        numbers = [shots] if shots is not None else shape["shots"]
        both = [[self.data.scores(s[1], m, n, s[5]) for m in shape["methods"] for n in numbers]
                for s in (first, second)]
        if any(s is None for side in both for s in side):
            return None
        return Scores([
            stats.spearmanr(*[[s.values[seed] for s in side] for side in both]).statistic
            for seed in range(len(shape["seeds"]))])

    # Statements.

    def evaluate(self, statement, form, effect, place, stated, looks_up=False):
        """Checks one contrast as the page states it; returns the verdict."""
        name, members, level, confidence = self.families.get(form[5], ("", 1, 0.05, 0.95))
        scores, found, floors = self.contrast(form, looks_up)
        if found is None:
            return "not tested: runs missing", None
        offset = self.scored(form[4])
        if isinstance(offset, Scores):
            offset = offset.values.mean()
        sign = form[3]
        ends = found.interval(confidence)
        estimate = sign * found.estimate - offset
        interval = ends and tuple(sorted(sign * end - offset for end in ends))
        kind, *boundaries = statement
        moved = [sign * (boundary + offset) for boundary in boundaries]
        verdict = self.verdict(statement, interval, effect)
        if floors and not any(self.clears(side, confidence) for side in floors):
            verdict = "not tested: both at the floor"
        p = None
        if verdict != "not tested: both at the floor" and found.error > 0:
            if verdict == "equivalent":
                kind, moved = "between", [sign * (end + offset) for end in (-effect, effect)]
            p = self.p(kind, found, moved)
            if members > 1:
                p = multipletests([p] + [1.0] * (members - 1), method="bonferroni")[1][0]
        if stated is not None:
            note("difference", estimate, stated["estimate"], place)
            note("standard error", found.error, stated["standardError"], place)
            note("degrees of freedom", found.freedom, stated["degreesOfFreedom"], place)
            note("p", p, stated["adjustedPValue"], place)
            for which in (0, 1):
                theirs = stated["interval"] and stated["interval"][("lower", "upper")[which]]
                note("end of an interval", interval and interval[which], theirs, place)
            for kind, ours in (("basis", found.basis), ("familySize", members),
                               ("seeds", found.seeds), ("items", found.items)):
                same(kind, ours, stated[kind], place)
        return verdict, p

    @staticmethod
    def p(kind, found, boundaries):
        boundaries = sorted(boundaries)
        if kind != "between":
            return found.p(boundaries[0])
        low, high = boundaries
        if found.estimate >= high:
            return found.p(high)
        return found.p(low) if found.estimate <= low else max(found.p(low), found.p(high))

    def clears(self, side, confidence):
        key, contrast, level = side
        if contrast is None:
            return False
        ends = contrast.interval(max(confidence, self.families.get(key, (0, 0, 0, 0))[3]))
        return (ends[0] if ends else contrast.estimate) > level

    @staticmethod
    def verdict(statement, interval, effect):
        if interval is None:
            return "inconclusive"
        kind, *bounds = statement
        lower, upper = interval
        if kind == "between":
            if lower > bounds[0] and upper < bounds[1]:
                return "supported"
            return "refuted" if lower > bounds[1] or upper < bounds[0] else "inconclusive"
        above, below = lower > bounds[0], upper < bounds[0]
        if above or below:
            return "supported" if above == (kind == "above") else "refuted"
        is_close = effect is not None and -effect < lower and upper < effect
        return "equivalent" if is_close else "inconclusive"


def read_claim(judge, claim):
    """The statement of a claim and its forms."""
    parser = Parser(claim["assertion"])
    if parser.tokens[0][1] in ("best", "rank-correlation"):
        name = parser.tokens.pop(0)[1]
        parser.take("(")
        values = [parser.sum()]
        while parser.take(","):
            values.append(parser.sum())
        parser.take(")")
        if name == "best":
            lower = is_cost(values[0])
            return ("below" if lower else "above", 0.0), [judge.form(values[0], v) for v in values[1:]]
        kind = "above" if parser.take(">", "<") == ">" else "below"
        texts = sorted(map(judge.text, values))
        return (kind, 0.0), [("ranks", *values, 1, parser.sum(), f"ranks of {texts}")]
    left = parser.sum()
    sign = parser.take(">", "<", ">=", "<=", "=", "rises", "falls")
    if sign in ("rises", "falls"):
        parser.take("with"), parser.take("shots")
        margin = judge.scored(parser.sum()) if parser.take("by") else 0.0
        shape = judge.data.shapes[left[1]]
        method = left[2] or shape["methods"][0]
        places = [("select", left[1], method, n, None, left[5]) for n in sorted(shape["shots"]) if n]
        form = ("trend", left, None, 1, ("number", 0.0), f"trend of {judge.text(left)}", places)
        return (("above", margin) if sign == "rises" else ("below", -margin)), [form]
    right = parser.sum()
    forms = [judge.form(left, right)]
    if parser.take("by"):
        margin = judge.scored(parser.sum())
        return (("above", margin) if sign == ">" else ("below", -margin)), forms
    if parser.take("within"):
        if parser.take("["):
            low = judge.scored(parser.sum())
            parser.take(",")
            return ("between", low, judge.scored(parser.sum())), forms
        margin = judge.scored(parser.sum())
        return {">=": ("above", -margin), "<=": ("below", margin),
                "=": ("between", -margin, margin)}[sign], forms
    return ("above" if sign == ">" else "below", 0.0), forms


def is_cost(node):
    metric = selections(node)[0][5]
    return metric in QUANTITIES and metric != "train.accuracy" or metric.startswith("memory.")


def cell(experiment, method, shots, metric):
    return ("select", experiment, method, shots, None, metric)


def sides(experiments, method, shots, metric):
    """A method's mean over one or several experiments."""
    parts = [cell(e, method, n, metric) for e, n in sorted(zip(experiments, shots))]
    total = parts[0]
    for part in parts[1:]:
        total = ("+", total, part)
    return total if len(parts) == 1 else ("/", total, ("number", float(len(parts))))


def forms_of(judge, experiments, methods, shots, metric):
    cells = [sides(experiments, m, shots, metric) for m in methods]
    forms = [judge.form(a, b) for a, b in itertools.combinations(cells, 2)]
    measure = metric.partition(".")[2]
    if measure in ("accuracy", "mcc", "macro-f1") or measure.startswith("f1-"):
        forms += [judge.form(c, ("number", 0.0)) for c in cells]
    return forms


def check_judged(judge, block, experiments, metric, shots, effect, place):
    """Checks every pair and method of a comparison or of one choice."""
    methods = {m["method"]: m for m in block["methods"]}
    statement = ("below" if is_cost(cell("", "", 0, metric)) else "above", 0.0)
    differ, worse = set(), set()
    for pair in block["pairs"]:
        form = judge.form(*(sides(experiments, pair[k], shots, metric) for k in ("first", "second")))
        where = f"{place} {pair['first']} − {pair['second']}"
        verdict, _ = judge.evaluate(statement, form, effect, where, pair["contrast"])
        same("verdict", verdict, pair["verdict"], where)
        if verdict == "supported":
            worse.add(pair["second"])
        if verdict in ("supported", "refuted"):
            differ.add(frozenset((pair["first"], pair["second"])))
    for name, method in methods.items():
        scores = judge.scored(sides(experiments, name, shots, metric))
        mean = None if scores is None else scores.values.mean()
        note("mean", mean, method["mean"], f"{place} {name}")
        if mean is None:
            continue
        same("set of the best", name not in worse, method["inSetOfBest"], f"{place} {name}")
        if method["aboveFloor"] is not None:
            form = judge.form(sides(experiments, name, shots, metric), ("number", block["floor"]))
            verdict, _ = judge.evaluate(
                ("above", 0.0), form, None, f"{place} {name} above floor",
                method["aboveFloor"]["contrast"])
            same("verdict", verdict, method["aboveFloor"]["verdict"], f"{place} {name} above floor")
    for a, b in itertools.combinations([n for n in methods if methods[n]["mean"] is not None], 2):
        shares = bool(set(methods[a]["letters"]) & set(methods[b]["letters"]))
        same("letters", frozenset((a, b)) not in differ, shares, f"{place} {a}, {b}")


def held_out(scores, lower):
    """Mean of what a choice of the best mean scores on the seed and half of the items left out."""
    if not scores:
        return None
    seeds = len(scores[0].values)
    halves = [0, 1] if all(s.items for s in scores) else [None]
    if seeds == 1 and halves == [None]:
        return None
    table = np.array([[
        s.values if half is None else s.values + sum(
            rows[:, half::2].mean(axis=1) for rows in s.items.values())
        for half in halves] for s in scores])
    found = []
    for half, seed in itertools.product(range(len(halves)), range(seeds)):
        kept = [s for s in range(seeds) if s != seed] or [seed]
        means = table[:, len(halves) - 1 - half, kept].mean(axis=1) * (-1 if lower else 1)
        found.append(table[means >= means.max() - 1e-12, half, seed].mean())
    return float(np.mean(found))


def check_aggregates(page, data):
    for entry in page["aggregates"]:
        place = " ".join(str(entry[k]) for k in ("experiment", "method", "shots", "metric"))
        experiment = entry["experiment"]
        cells = [cell for s in data.shapes[experiment]["seeds"]
                 for cell in data.cells[experiment, entry["method"], entry["shots"], s]]
        if any(c["status"] != "ok" for c in cells):
            continue
        try:
            scores = data.scores(experiment, entry["method"], entry["shots"], entry["metric"])
        except (KeyError, TypeError):
            continue
        if any(value is None for value in scores.values):
            continue
        values = scores.values
        shared = len({c["key"] for c in cells}) == 1 and len(cells) > 1
        values = values[:1] if shared else values
        note("mean", values.mean(), entry["mean"], place)
        note("standard deviation", values.std(ddof=1) if len(values) > 1 else None, entry["sd"], place)
        note("smallest or largest", values.min(), entry["minimum"], place)
        note("smallest or largest", values.max(), entry["maximum"], place)
        same("runs", len(values), entry["runs"], place)
        single = len(values) < 2 and not any(r.shape[1] > 1 for r in scores.items.values())
        ends = None if single else Contrast(scores).interval(0.95)
        measure = entry["metric"].partition(".")[2]
        if ends and entry["metric"] not in QUANTITIES and not entry["metric"].startswith("memory."):
            low = -1.0 if measure == "mcc" else 0.0
            ends = max(low, ends[0]), min(1.0, ends[1])
        for which, name in ((0, "lower"), (1, "upper")):
            theirs = entry["interval"] and entry["interval"][name]
            note("end of a mean's interval", ends and ends[which], theirs, place)


def main():
    page = json.load(open(sys.argv[1], encoding="utf-8"))
    if page["schema"] != "ftreport.report/2":
        sys.exit(f"the check knows ftreport.report/2, not {page['schema']}")
    data = Page(page, sys.argv[2])
    judge = Judge(data)
    claims = [(claim, *read_claim(judge, claim)) for claim in page["claims"]]
    blocks = []
    for block in page["comparisons"]:
        tasks = block.get("tasks", [block])
        blocks.append((block, [t["experiment"] for t in tasks], [t["shots"] for t in tasks]))
    # Families are declared by the whole page before anything is judged.
    groups = defaultdict(list)
    for claim, _, forms in claims:
        groups[claim["family"]].append((claim, forms))
    for name, members in groups.items():
        levels = [c["contrast"]["level"] for c, _ in members
                  if (c["contrast"]["family"] or "").startswith("the claims")]
        judge.declare(name, min(levels, default=0.05), [f for _, forms in members for f in forms])
    for block, experiments, shots in blocks:
        judge.declare(block["label"], 1 - block["confidence"], forms_of(
            judge, experiments, [m["method"] for m in block["methods"]], shots, block["metric"]))
    for block in page["recommendations"]:
        experiment = block["experiment"]
        names = {c["judged"]["method"] for choice in block["choices"] for c in choice["candidates"]}
        names |= {e["method"] for choice in block["choices"] for e in choice["excluded"]}
        judge.declare(block["label"], 1 - block["confidence"], [
            form for shots in sorted({choice["shots"] for choice in block["choices"]})
            for form in forms_of(judge, [experiment], sorted(names), [shots], block["metric"])])
    for experiment, shape in data.shapes.items():
        judge.declare(f"majority {experiment}", 0.05, [
            judge.form(cell(experiment, m, n, f"{s}.accuracy"), ("number", 0.0))
            for s in data.sets[experiment] for m in shape["methods"] for n in shape["shots"]])

    order = ["not tested: runs missing", "refuted", "not tested: both at the floor",
             "inconclusive", "equivalent", "supported"]
    for claim, statement, forms in claims:
        place = claim["label"]
        if claim["exact"]:
            check_exact(judge, claim, statement, forms, place)
            continue
        results = [(judge.evaluate(statement, f, claim["effect"], place, None), f) for f in forms]
        (verdict, _), form = min(results, key=lambda r: (order.index(r[0][0]), -(r[0][1] or 0)))
        judge.contrasts.pop(form[5], None)
        judge.evaluate(statement, form, claim["effect"], place, claim["contrast"], looks_up=True)
        same("verdict", verdict, claim["verdict"], place)
    for block, experiments, shots in blocks:
        place = block["label"]
        check_judged(judge, block, experiments, block["metric"], shots, block["effect"], place)
        if not block["atFloor"]:
            same("set of the best", [m["method"] for m in block["methods"] if m["inSetOfBest"]],
                 block["setOfBest"], place)
        if len(experiments) > 1:
            check_ranks(judge, block, experiments, shots)
    for block in page["recommendations"]:
        for choice in block["choices"]:
            place = f"{block['label']} {choice['examples']} {choice['memory']}"
            judged = {"methods": [c["judged"] for c in choice["candidates"]],
                      "pairs": choice["pairs"], "floor": choice["floor"]}
            check_judged(judge, judged, [block["experiment"]], block["metric"],
                         [choice["shots"]], block["effect"], place)
            scores = [data.scores(block["experiment"], m["method"], choice["shots"], block["metric"])
                      for m in judged["methods"]]
            note("score of a choice, held out",
                 held_out(scores, is_cost(cell("", "", 0, block["metric"]))),
                 choice["heldOut"], place)
    check_aggregates(page, data)
    report()


def check_ranks(judge, block, experiments, shots):
    """Means by task, and mean ranks over seeds and tasks: 1 for the best, ties averaged."""
    metric = block["metric"]
    names = [m["method"] for m in block["methods"]]
    scores = {
        name: [judge.data.scores(e, name, n, metric) for e, n in zip(experiments, shots)]
        for name in names}
    ranked = [name for name in names if None not in scores[name]]
    sign = 1 if is_cost(cell("", "", 0, metric)) else -1
    ranks = [
        stats.rankdata([sign * scores[name][task].values[seed] for name in ranked])
        for task in range(len(experiments))
        for seed in range(len(judge.data.shapes[experiments[0]]["seeds"]))]
    for method in block["methods"]:
        name = method["method"]
        place = f"{block['label']} {name}"
        rank = np.mean([r[ranked.index(name)] for r in ranks]) if name in ranked else None
        note("mean rank", rank, method["meanRank"], place)
        for found, stated in zip(scores[name], method["meanByTask"]):
            note("mean", None if found is None else found.values.mean(), stated, place)


def check_exact(judge, claim, statement, forms, place):
    kind, *bounds = statement
    outcomes = []
    for form in forms:
        value = judge.scored(form[4])
        value = value.values.mean() if isinstance(value, Scores) else value
        if form[0] == "constant":
            differences = np.array([-value])
        else:
            differences = form[3] * judge.contrast(form)[0].values - value
        note("difference", differences.mean(), claim["contrast"]["estimate"], place)
        outcomes.append({"above": differences > bounds[0], "below": differences < bounds[0],
                         "between": (differences > bounds[0]) & (differences < bounds[-1])}[kind])
    verdicts = ["supported" if o.all() else "inconclusive" if o.any() else "refuted" for o in outcomes]
    same("verdict", min(verdicts, key=["refuted", "inconclusive", "supported"].index),
         claim["verdict"], place)


def report():
    for kind, (count, most, place) in sorted(worst.items()):
        print(f"{kind}: {count} numbers, largest difference {most:.1e} of the size"
              + (f" ({place})" if most > TOLERANCE else ""))
    print(", ".join(f"{kind}: {count}" for kind, count in sorted(counts.items())))
    for word in words:
        print(word)
    too_large = [kind for kind, (_, most, _) in worst.items() if most > TOLERANCE]
    print("differs" if words or too_large else "agrees")
    sys.exit(1 if words or too_large else 0)


if __name__ == "__main__":
    main()
