"""Records what scipy and statsmodels compute for Experiments/Statistics: Fixtures/statistics.json.

pip install numpy scipy==1.17.* statsmodels==0.14.* scikit-learn==1.8.*; python make_statistics.py

Where a method of ours is in neither (jackknife values), it is written out here from its definition.
"""

import json
import pathlib
import platform

import numpy as np
import pandas
import scipy
import statsmodels
from scipy import stats
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

SAMPLES = {
    "ten": [0.62, 0.58, 0.71, 0.66, 0.69, 0.63, 0.60, 0.74, 0.65, 0.67],
    "skewed": [0.01, 0.02, 0.02, 0.05, 0.40, 0.03],
    "differences": [0.03, -0.01, 0.05, 0.02, 0.04, 0.00, 0.01, 0.06],
    "pairs": [0.02, -0.02, 0.11, 0.06, 0.09, 0.03, 0.0, 0.14, 0.05, 0.07],
}

def intervals():
    """Values have two decimals, so resampled means lie 0.01 / n apart."""
    for name, values in SAMPLES.items():
        for confidence in (0.8, 0.95):
            found = stats.bootstrap(
                (np.array(values),), np.mean, method="BCa", n_resamples=200_000,
                confidence_level=confidence, random_state=np.random.default_rng(1), batch=20_000)
            yield {"values": values, "confidence": confidence,
                   "lower": found.confidence_interval.low, "upper": found.confidence_interval.high,
                   "tolerance": 0.013 / len(values)}


def wilson():
    for right, count in [(0, 10), (5, 10), (10, 10), (670, 1043), (15_000, 30_000)]:
        for confidence in (0.8, 0.95):
            low, high = proportion_confint(right, count, alpha=1 - confidence, method="wilson")
            yield {"right": right, "count": count, "confidence": confidence, "lower": low,
                   "upper": high}


def sign_flips():
    for values in [*SAMPLES.values(), [0.1] * 5, [0, 0, 0], [1, 2, 3, 4, 5, -6]]:
        found = stats.permutation_test(
            (np.array(values, dtype=float),), np.mean, permutation_type="samples",
            n_resamples=np.inf)
        yield {"values": values, "p": found.pvalue}


def holm():
    for values in [[0.01, 0.04, 0.03, 0.005], [0.9, 0.8], [0.02, 0.02, 0.02], [0.5]]:
        yield {"p": values, "adjusted": multipletests(values, method="holm")[1].tolist()}


def answers(seeds, items, method, share):
    """The formula that Swift repeats: item i of seed s is right if a hash says so."""
    s, i = np.meshgrid(np.arange(seeds), np.arange(items), indexing="ij")
    own = (i * 7919 + s * 104729 + method * 1299709) % 1000
    shared = (i * 6007) % 1000
    return (own + shared) // 2 < share


def contrasts():
    """Mean squares from statsmodels' analysis of variance; without items, scipy's paired t test."""
    for seeds, items, first, second in [(5, 60, 620, 560), (10, 40, 640, 600), (2, 30, 650, 500)]:
        a, b = (answers(seeds, items, 1, first).astype(int),
                answers(seeds, items, 2, second).astype(int))
        d = a - b
        s, i = np.meshgrid(np.arange(seeds), np.arange(items), indexing="ij")
        frame = pandas.DataFrame({"d": d.ravel(), "s": s.ravel(), "i": i.ravel()})
        table = anova_lm(ols("d ~ C(s) + C(i)", frame).fit())
        of_seeds, of_items, rest = table["sum_sq"] / table["df"]
        n = seeds * items
        v = max(of_seeds + of_items - rest, of_seeds, of_items) / n
        df = seeds - 1
        for members in (1, 15):
            half = stats.t.ppf(1 - 0.05 / members / 2, df) * np.sqrt(v)
            yield {"seeds": seeds, "items": items, "first": first, "second": second,
                   "members": members, "estimate": d.mean(), "standardError": np.sqrt(v),
                   "lower": d.mean() - half, "upper": d.mean() + half,
                   "p": min(1, members * 2 * stats.t.sf(abs(d.mean()) / np.sqrt(v), df))}


def paired_t():
    for values in SAMPLES.values():
        found = stats.ttest_1samp(values, 0.02)
        low, high = found.confidence_interval(0.95)
        yield {"values": values, "boundary": 0.02, "p": found.pvalue, "lower": low, "upper": high}


def spearman():
    for a, b in [(SAMPLES["differences"], [3, 1, 4, 1, 5, 9, 2, 6]), ([1, 2, 3, 4], [4, 3, 2, 1]),
                 ([0.5, 0.6, 0.6, 0.7, 0.4], [0.5, 0.55, 0.6, 0.6, 0.45])]:
        yield {"first": a, "second": b, "rho": stats.spearmanr(a, b).statistic}


def jackknives():
    """Jackknife values of scikit-learn's metrics, written out from their definition."""
    from sklearn.metrics import f1_score, matthews_corrcoef
    generator = np.random.default_rng(4)
    for classes, items in [(2, 30), (3, 25)]:
        y = generator.integers(classes, size=items)
        x = np.where(generator.random(items) < 0.6, y, generator.integers(classes, size=items))
        for name, metric in [
                ("mcc", matthews_corrcoef),
                ("macro-f1", lambda t, p: f1_score(
                    t, p, labels=range(classes), average="macro", zero_division=0))]:
            whole = metric(y, x)
            rest = [metric(np.delete(y, i), np.delete(x, i)) for i in range(items)]
            yield {"metric": name, "classes": classes, "labels": y.tolist(),
                   "predictions": x.tolist(),
                   "scores": [items * whole - (items - 1) * r for r in rest]}


def plain(value):
    """Numbers without numpy's types, rounded to what a double holds anyway."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, np.generic):
        return value.item()
    return value


record = {
    "versions": {"python": platform.python_version(), "numpy": np.__version__,
                 "scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
    "intervals": list(intervals()), "wilson": list(wilson()), "signFlips": list(sign_flips()),
    "holm": list(holm()), "contrasts": list(contrasts()),
    "pairedT": list(paired_t()), "jackknives": list(jackknives()),
    "spearman": list(spearman()),
}
target = pathlib.Path(__file__).parent / "Fixtures" / "statistics.json"
lines = ",\n".join(
    f" {json.dumps(key)}: " + (
        "[\n" + ",\n".join("  " + json.dumps(entry) for entry in value) + "\n ]"
        if isinstance(value, list) else json.dumps(value))
    for key, value in plain(record).items())
target.write_text("{\n" + lines + "\n}\n")
print(f"wrote {target}")
