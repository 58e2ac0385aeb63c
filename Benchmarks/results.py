"""Turns a run's measurements into RESULTS.md and the README's table."""

import statistics
from pathlib import Path

from scenarios import SCENARIOS, WORKER_BAR

# Transformers' precisions, and the sides whose losses are held against those of its float32.
THEIRS = ["fp32", "mixed", "bf16"]
COMPARED = ["ours", "mixed", "bf16"]
BEGIN, END = "<!-- benchmark -->", "<!-- end of benchmark -->"


def summary(lines):
    """One side's rounds as one: medians over the rounds, the least time of all steps."""
    first = lines[0]
    kept = {
        key: first[key]
        for key in ("tokens", "losses", "versions", "modelOperations", "peakBytes",
                    "peakCategories")
        if key in first
    }
    return kept | {
        "median": statistics.median(statistics.median(line["seconds"]) for line in lines),
        "least": min(min(line["seconds"]) for line in lines),
        "peakRSS": statistics.median(line["peakRSS"] for line in lines),
        "baselineRSS": statistics.median(line["baselineRSS"] for line in lines),
    }


def processor():
    """The processor's name as the system gives it."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown processor"


def has_bfloat16():
    """Whether the processor multiplies bfloat16, which torch is very slow without."""
    words = set(Path("/proc/cpuinfo").read_text().split())
    return bool(words & {"avx512_bf16", "amx_bf16", "bf16"})


def page(run):
    """RESULTS.md."""
    measured = [(s, run["scenarios"][s.name]) for s in SCENARIOS if s.name in run["scenarios"]]
    rate = run["product"]["operationsPerSecond"]
    theirs = measured[0][1]["fp32"]["versions"]
    versions = ", ".join(f"{name} {version}" for name, version in sorted(theirs.items()))
    padding = f"at least {run['pad']} tokens" if run["pad"] else "the longest sequence"
    parts = [
        "# Speed and memory beside Transformers",
        "Written by `Benchmarks/run`; how it measures is below.",
        f"- {run['processor']}, {run['cores']} cores, {run['threads']} threads on both sides\n"
        f"- ours: commit {run['commit']}, {run['product']['library']}\n"
        f"- theirs: {versions}, padded to {padding}\n"
        f"- float32 matrix product: {rate / 1e9:.0f} GFLOP/s at "
        f"{' × '.join(map(str, run['product']['shape']))}",
        "## Speed",
        "Seconds a step: the median over rounds of each process's median, and the least of all.",
        table(
            ["step", "ours", *THEIRS, *(f"× {side}" for side in THEIRS), "tokens/s",
             "% of sgemm"],
            [speed_row(s, sides, rate, run["hasBFloat16"]) for s, sides in measured]),
        PRECISIONS if run["hasBFloat16"] else NO_BFLOAT16,
        "## Memory",
        "The resident peak of the whole process (what was resident before the model was loaded in"
        " brackets), and the peak of the engine's own ledger with its parts.",
        table(
            ["step", "ours", "fp32", "share", "ledger", "weights", "gradients", "optimizer",
             "activations", "other"],
            [memory_row(s, sides) for s, sides in measured]),
        "## The same arithmetic",
        "The largest relative difference to Transformers' losses in float32, over the steps whose"
        " losses do not depend on random adapters: of ours, and of its own in bfloat16.",
        table(
            ["step", "losses", *COMPARED],
            [loss_row(s, sides) for s, sides in measured if s.compared_losses != 0]),
    ]
    if run["workers"]:
        parts += [
            "## Two workers",
            "Steps per second of one single-threaded process, and of two at the same time.",
            table(
                ["step", "one", "two", "ratio"],
                [worker_row(name, rates) for name, rates in run["workers"].items()]),
        ]
    parts.append(METHOD.format(
        rounds=run["rounds"], steps=run["steps"],
        tiny_rounds=max([run["rounds"]] + [scenario.least_rounds for scenario in SCENARIOS]),
        tiny_steps=run["steps"] * max(scenario.steps_factor for scenario in SCENARIOS)))
    return "\n\n".join(parts) + "\n"


METHOD = """## How

The model is OPT-125M's shape with random weights; tiny has 4 layers of width 128 and the same
vocabulary. A batch is 32 evenly spaced sentences of the data set, chosen so that their number of
tokens and the longest of them are nearest the mean over all such choices. Both sides read the same
weights and token ids and train the same parameters with AdamW, gradients clipped at 1, no dropout;
the classes are scored by the embeddings of two label words. A process measures one scenario; the
sides take turns: {rounds} rounds of {steps} timed steps after warm ones, of the tiny model
{tiny_rounds} of {tiny_steps}. Their queries of a prompt
go through the model with their demonstrations, all 32 at once; ours share one pass over the
demonstrations.

Tokens are real ones, without padding; a prefix that all queries share counts once. Of N weights
outside the embeddings a step needs 6N operations a token for full fine-tuning, 4N when the weights
are frozen and 2N without training. The share of the matrix product's rate is of that number for the
tokens that differ: where sequences begin alike, ours computes the beginning once, and it counts once.
What is saved by computing the last layer for last tokens only is not taken off. ✓ and ✗ tell whether
the bar in brackets is reached."""


PRECISIONS = """Ours computes in float32. *mixed* is what `Trainer` does with `bf16=True`: weights in
float32, products in bfloat16. *bf16* has the weights in bfloat16 as well, where an update that is
smaller than a weight's last bit is lost."""


NO_BFLOAT16 = """This processor has no instructions for bfloat16, and torch then multiplies such
matrices at a fifth to a hundredth of its float32 rate, which nobody would choose: the ratios to
bfloat16 are not measured, or not judged where they are (`--bf16`)."""


def speed_row(scenario, sides, rate, has_bf16):
    ours = sides["ours"]
    reached = ours["modelOperations"] / ours["median"] / rate
    return [
        scenario.title,
        *(seconds(sides.get(side)) for side in ("ours", *THEIRS)),
        ratio(sides, "fp32", scenario.fp32_bar),
        *(ratio(sides, side, scenario.bf16_bar if has_bf16 else None)
          for side in ("mixed", "bf16")),
        f"{ours['tokens'] / ours['median']:.0f}",
        judged(f"{100 * reached:.0f}", reached, scenario.rate_bar,
               scenario.rate_bar and f"≥ {100 * scenario.rate_bar:.0f}"),
    ]


def memory_row(scenario, sides):
    ours, theirs = sides["ours"], sides["fp32"]
    share = ours["peakRSS"] / theirs["peakRSS"]
    named = ["weights", "gradients", "optimizer", "activations"]
    categories = ours["peakCategories"]
    other = sum(size for name, size in categories.items() if name not in named)
    return [
        scenario.title,
        *(f"{megabytes(side['peakRSS'])} ({megabytes(side['baselineRSS'])})"
          for side in (ours, theirs)),
        judged(f"{share:.2f}", -share, -scenario.memory_bar, f"≤ {scenario.memory_bar}"),
        megabytes(ours["peakBytes"]),
        *(megabytes(categories[name]) for name in named),
        megabytes(other),
    ]


def loss_row(scenario, sides):
    expected = sides["fp32"]["losses"][:scenario.compared_losses]
    return [
        scenario.title, str(len(expected)),
        *(f"{worst_difference(sides[side]['losses'], expected):.1e}" if side in sides else "–"
          for side in COMPARED),
    ]


def worst_difference(losses, expected):
    return max(abs(loss - wanted) / abs(wanted) for loss, wanted in zip(losses, expected))


def worker_row(name, rates):
    gain = rates["two"] / rates["one"]
    title = next(scenario.title for scenario in SCENARIOS if scenario.name == name)
    return [
        title, f"{rates['one']:.3f}", f"{rates['two']:.3f}",
        judged(f"{gain:.2f}", gain, WORKER_BAR, f"≥ {WORKER_BAR}"),
    ]


def short_table(run):
    """The README's table."""
    rows = []
    for scenario in SCENARIOS:
        sides = run["scenarios"][scenario.name]
        ours, theirs = sides["ours"], sides["fp32"]
        rows.append([
            scenario.title,
            f"{digits(ours['median'])} s",
            f"{digits(theirs['median'])} s",
            f"{theirs['median'] / ours['median']:.1f} ×",
            f"{megabytes(ours['peakRSS'])} MB",
            f"{megabytes(theirs['peakRSS'])} MB",
        ])
    versions = run["scenarios"]["vanilla"]["fp32"]["versions"]
    caption = (
        f"A step on 32 sentences, OPT-125M's shape, float32, {run['threads']} threads of an"
        f" {run['processor']}, beside Transformers {versions['transformers']} with PEFT"
        f" {versions['peft']} and torch {versions['torch'].split('+')[0]};"
        " more in [RESULTS.md](Benchmarks/RESULTS.md):")
    header = ["step", "ftreport", "Transformers", "faster", "peak memory", "theirs"]
    return f"{caption}\n\n{table(header, rows)}"


def replace_table(readme, run):
    """Puts the table between the marks in the README."""
    text = readme.read_text()
    if BEGIN not in text or END not in text:
        raise SystemExit(f"{readme.name} lacks the lines {BEGIN} and {END}")
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    readme.write_text(f"{before}{BEGIN}\n{short_table(run)}\n{END}{after}")


def table(header, rows):
    align = ["---"] + ["---:"] * (len(header) - 1)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [header, align, *rows])


def seconds(side):
    return f"{digits(side['median'])} ({digits(side['least'])})" if side else "–"


def ratio(sides, side, bar):
    if side not in sides:
        return "–"
    value = sides[side]["median"] / sides["ours"]["median"]
    return judged(f"{value:.2f}", value, bar, f"≥ {bar}")


def judged(text, value, bar, words):
    """A value, and where there is a bar whether it is reached."""
    return text if bar is None else f"{text} {'✓' if value >= bar else '✗'} ({words})"


def digits(value):
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def megabytes(count):
    return f"{count / 1e6:.0f}"
