"""People whose ability is known, answering items whose parameters are known."""

import numpy as np

from hocvu.psychometrics.curves import ItemCurves


def items(count, *, seed, c=0.0):
    """Slopes around 1, difficulties as N(0, 1)."""
    rng = np.random.default_rng(seed)
    a, b = np.exp(rng.normal(0.1, 0.25, count)), rng.normal(0, 1, count)
    return ItemCurves(a, b, np.full(count, c))


def answers(theta, curves, *, seed, each_asked=None):
    """[people, items]; where `each_asked` is given, everybody gets so many items drawn by lot."""
    rng = np.random.default_rng(seed)
    right = rng.random((len(theta), len(curves))) < curves.probability(theta)
    table = right.astype(np.int8)
    if each_asked is not None:
        order = np.argsort(rng.random(table.shape), axis=1)
        table[order >= each_asked] = -1
    return table


def people(count, *, seed, mean=0.0, sd=1.0):
    return np.random.default_rng(seed).normal(mean, sd, count)


def root_mean_square(differences):
    return float(np.sqrt(np.mean(np.square(differences))))
