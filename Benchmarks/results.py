"""Turns a run's measurements into RESULTS.md and the shorter tables of README.md and docs."""

import statistics
from pathlib import Path

from scenarios import SCENARIOS, WORKER_BAR

# Transformers' precisions, and the sides whose losses are compared with those of its float32.
THEIRS = ["fp32", "mixed", "bf16"]
COMPARED = ["ours", "mixed", "bf16"]
BEGIN, END = "<!-- benchmark -->", "<!-- end of benchmark -->"
# The rows of the README's table; docs/performance.md has all.
README_SCENARIOS = ["vanilla", "lora", "icl"]


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
        "Seconds per step: the median over rounds of each process's median, with the fastest step of all in"
        " brackets.",
        table(
            ["step", "ours", *THEIRS, *(f"× {side}" for side in THEIRS), "tokens/s",
             "% of sgemm"],
            [speed_row(s, sides, rate, run["hasBFloat16"]) for s, sides in measured]),
        PRECISIONS if run["hasBFloat16"] else NO_BFLOAT16,
        "## Memory",
        "Peak RSS of the whole process in MB (in brackets: before the model was loaded), and the peak"
        " of the engine's own ledger with its parts.",
        table(
            ["step", "ours", "fp32", "share", "ledger", "weights", "gradients", "optimizer",
             "activations", "other"],
            [memory_row(s, sides) for s, sides in measured]),
        "## The same arithmetic",
        "The largest relative difference from Transformers' losses in float32, over the steps whose"
        " losses do not depend on randomly initialised adapters: for ours, and for its own losses in"
        " bfloat16.",
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
vocabulary. A batch is 32 evenly spaced sentences of the data set. Of all such batches it is the one
whose number of tokens and longest sentence are nearest the mean. Both sides read the same weights
and token ids. They train the same parameters with AdamW, gradients clipped at 1 and no dropout. The
classes are scored by the embeddings of two label words. A process measures one scenario. The sides
take turns: {rounds} rounds of {steps} timed steps after warm-up, and {tiny_rounds} rounds of
{tiny_steps} for the tiny model. Transformers reads all 32 queries of a prompt together with their
demonstrations; ours shares one pass over the demonstrations.

Tokens are counted without padding, and a prefix that all queries share counts once. With N weights
outside the embeddings, a step needs 6N operations per token for full fine-tuning, 4N if the weights
are frozen and 2N without training. The share of the matrix product's rate uses that number for the
distinct tokens: where sequences have a common prefix, ours computes it once, and it counts once. The
work saved by computing the last layer for the last tokens only is not subtracted. ✓ and ✗ show
whether the target in brackets is met."""


PRECISIONS = """Ours computes in float32. *mixed* is what `Trainer` does with `bf16=True`: weights in
float32, products in bfloat16. *bf16* also has the weights in bfloat16, where updates that are
smaller than a weight's last bit are lost."""


NO_BFLOAT16 = """This processor has no instructions for bfloat16. torch then multiplies such matrices at a
fifth to a hundredth of its float32 rate, which nobody would choose. The ratios to bfloat16 are
therefore not measured, or (with `--bf16`) measured without a target."""


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


def short_table(run, names, results):
    """The scenarios of these names with a link to RESULTS.md."""
    rows = []
    for scenario in SCENARIOS:
        if scenario.name not in names:
            continue
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
        f"One step on 32 sentences with OPT-125M's shape, in float32 on {run['threads']} threads of an"
        f" {run['processor']}, compared with Transformers {versions['transformers']}, PEFT"
        f" {versions['peft']} and torch {versions['torch'].split('+')[0]}"
        f" ([RESULTS.md]({results}) has the rest):")
    header = ["step", "ftreport", "Transformers", "faster", "peak RSS", "theirs"]
    return f"{caption}\n\n{table(header, rows)}"


def replace_tables(root, run):
    """Puts the tables between the marks in README.md and docs/performance.md."""
    every = [scenario.name for scenario in SCENARIOS]
    replace_table(root / "README.md", short_table(run, README_SCENARIOS, "Benchmarks/RESULTS.md"))
    replace_table(
        root / "docs" / "performance.md", short_table(run, every, "../Benchmarks/RESULTS.md"))


def replace_table(file, new):
    text = file.read_text()
    if BEGIN not in text or END not in text:
        raise SystemExit(f"{file.name} lacks the lines {BEGIN} and {END}")
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    file.write_text(f"{before}{BEGIN}\n{new}\n{END}{after}")


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
    """A value, and whether it meets the target, if there is one."""
    return text if bar is None else f"{text} {'✓' if value >= bar else '✗'} ({words})"


def digits(value):
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def megabytes(count):
    return f"{count / 1e6:.0f}"
