"""Records what scikit-learn computes, for Tests/ExperimentsTests/Methods/Solving.

    python make_solvers.py     # scikit-learn 1.7, numpy

Writes Fixtures/solvers.json: logistic regression on small dense rows, TF-IDF of words and characters with
logistic regression on it, and a naive Bayes SVM.
"""

import json
import pathlib

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC

TEXTS = [
    "You have WON a prize, call now!", "Lunch at noon, as always?", "Free tickets: reply YES YES yes",
    "Did you see the match, Jörg?", "Cheap loans for everyone!!! Call now", "I am on the bus",
    "Your account was chosen... click here_now", "Mum says hello", "naïve café, 3 o'clock",
    "a I b", "WIN 1000 £ – reply now", "see you at the match",
]
LABELS = [1, 0, 1, 0, 1, 0, 1, 0, 2, 2, 1, 0]
QUERIES = ["call mum now", "you won the MATCH", "zzz", "café at 3"]


def rounded(values):
    return [float(f"{v:.8g}") for v in np.asarray(values).ravel()]


def logistic(rows, labels, c, weights=None):
    model = LogisticRegression(C=c, tol=1e-12, max_iter=100000, class_weight=weights)
    return model.fit(rows, labels)


def dense():
    random = np.random.default_rng(7)
    cases = []
    for count, columns, classes in [(24, 5, 2), (20, 5, 3), (8, 20, 2), (9, 20, 3)]:
        rows = random.normal(size=(count, columns)).round(4) + 2
        labels = np.arange(count) % classes
        labels[0] = 1
        rows += labels[:, None] * 0.4
        for c, weights in [(0.01, None), (100.0, None), (1.0, "balanced")]:
            model = logistic(rows, labels, c, weights)
            cases.append({
                "rows": rounded(rows), "columns": columns, "classes": classes,
                "labels": labels.tolist(), "c": c, "balanced": weights is not None,
                "weights": rounded(model.coef_), "intercepts": rounded(model.intercept_),
            })
    return cases


def tfidf():
    union = FeatureUnion([
        ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
        ("characters", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)),
    ])
    rows = union.fit_transform(TEXTS)
    queries = union.transform(QUERIES)
    model = logistic(rows, LABELS, 1.0)
    return {
        "texts": TEXTS, "labels": LABELS, "queries": QUERIES,
        "terms": [len(v.vocabulary_) for _, v in union.transformer_list],
        "products": rounded((queries @ rows.T).toarray()),
        "probabilities": rounded(model.predict_proba(queries)),
    }


def naive_bayes():
    texts = [t for t, l in zip(TEXTS, LABELS) if l < 2]
    labels = np.array([l for l in LABELS if l < 2])
    vectorizer = CountVectorizer(ngram_range=(1, 2), binary=True)
    rows = vectorizer.fit_transform(texts).toarray().astype(float)
    p, q = 1 + rows[labels == 1].sum(0), 1 + rows[labels == 0].sum(0)
    ratios = np.log((p / p.sum()) / (q / q.sum()))
    # A large scale, so that the intercept is as good as not penalized.
    machine = LinearSVC(C=1.0, dual=False, tol=1e-12, max_iter=100000, intercept_scaling=1e4)
    machine.fit(rows * ratios, labels)
    weights = machine.coef_[0]
    mixed = 0.75 * np.abs(weights).mean() + 0.25 * weights
    queries = vectorizer.transform(QUERIES).toarray()
    return {
        "texts": texts, "labels": labels.tolist(), "queries": QUERIES,
        "margins": rounded(queries @ (mixed * ratios) + machine.intercept_[0]),
    }


path = pathlib.Path(__file__).parent / "Fixtures" / "solvers.json"
path.write_text(
    json.dumps({"dense": dense(), "tfidf": tfidf(), "naiveBayes": naive_bayes()}, ensure_ascii=False)
    + "\n")
