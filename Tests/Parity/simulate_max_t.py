#!/usr/bin/env python3
"""Compares Bonferroni's correction, which the rule uses, with max-t, which it does not.

    python simulate_max_t.py [STUDIES]

Max-t takes the largest |t| of a family that it exceeds in 5 % of draws, with the covariance of the
contrasts as the seeds estimate it (Westfall and Young 1993, parametric). Studies are those of
Tests/ExperimentsTests/Statistics/Simulation/SimulatedStudy.swift. Prints shares of families of 2, 10
and 50 contrasts that err, in percent, and how wide the intervals of 50 are beside Bonferroni's. The
result is in docs/statistics.md. Needs numpy and scipy.
"""

import sys

import numpy as np
from scipy import stats

METHODS, ITEMS, DRAWS = 11, 200, 400
SIZES = (2, 10, 50)
PAIRS = [(i, j) for j in range(METHODS) for i in range(j)][: SIZES[-1]]
SETTINGS = {
    "normal": dict(level=0.7, shared=0.1, own=0.15, items=0.6, taste=0.5),
    "normal, seeds vary much": dict(level=0.7, shared=0.2, own=0.3, items=0.6, taste=0.3),
    "ceiling": dict(level=2.6, shared=0.2, own=0.3, items=0.6, taste=0.5),
}
random = np.random.default_rng(15)


def places(level, shared, own, items, taste):
    """Location and own spread of each method, and its true accuracy."""
    own = own * np.array([0.5, 1, 1.5])[np.arange(METHODS) % 3]
    scale = np.sqrt(1 + shared**2 + own**2 + items**2 + taste**2)
    location = level * scale / scale[0]
    return location, own, stats.norm.cdf(location / scale)


def study(seeds, location, own, shared, items, taste):
    """Right answers, [methods, seeds, items]."""
    by_seed = shared * random.normal(size=seeds) + own[:, None] * random.normal(size=(METHODS, seeds))
    by_item = items * random.normal(size=ITEMS) + taste * random.normal(size=(METHODS, ITEMS))
    chance = stats.norm.cdf(location[:, None, None] + by_seed[:, :, None] + by_item[:, None, :])
    return (random.uniform(size=chance.shape) < chance).astype(float)


def errors(d):
    """Mean, standard error and value by seed of each contrast."""
    contrasts, seeds, items = d.shape
    values = d.mean(2)
    rest = d - values[:, :, None]
    means = rest.mean(1)
    of_seeds = values.var(1, ddof=1) / seeds
    of_items = (means**2).sum(1) / (items * (items - 1))
    of_both = ((rest - means[:, None]) ** 2).sum((1, 2)) / ((items - 1) * (seeds - 1) * seeds * items)
    variance = np.maximum.reduce([of_seeds + of_items - of_both, of_seeds, of_items])
    return values.mean(1), np.sqrt(variance), values


def largest(values):
    """Draws of |t| of all contrasts, with the covariance that the seeds estimate."""
    seeds = values.shape[1]
    root = (values - values.mean(1)[:, None]) / np.sqrt(seeds - 1)
    drawn = np.einsum("kr,bsr->bks", root, random.normal(size=(DRAWS, seeds, seeds)))
    return np.abs(drawn.mean(2)) / np.sqrt(drawn.var(2, ddof=1) / seeds + 1e-18)


def main():
    studies = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    for seeds in (5, 6, 10, 20):
        for name, setting in SETTINGS.items():
            location, own, truth = places(**setting)
            rest = {key: setting[key] for key in ("shared", "items", "taste")}
            differences = np.array([truth[i] - truth[j] for i, j in PAIRS])
            wrong, widths = np.zeros((2, len(SIZES))), []
            for _ in range(studies):
                right = study(seeds, location, own, **rest)
                mean, error, values = errors(np.stack([right[i] - right[j] for i, j in PAIRS]))
                t = np.abs(mean - differences) / error
                drawn = largest(values)
                for place, size in enumerate(SIZES):
                    joint = np.quantile(drawn[:, :size].max(1), 0.95)
                    single = stats.t.ppf(1 - 0.025 / size, seeds - 1)
                    wrong[:, place] += (t[:size] > single).any(), (t[:size] > joint).any()
                widths.append(joint / single)
            print(f"{name}, {seeds} seeds: Bonferroni {100 * wrong[0] / studies}, max-t "
                  f"{100 * wrong[1] / studies}, {np.mean(widths):.2f} times as wide", flush=True)


if __name__ == "__main__":
    main()
