#!/usr/bin/env python3
"""Compares what `ftreport model score` printed with what Transformers computes from a folder.

    ftreport model score FOLDER < questions.jsonl | Tests/Parity/check_saved.py FOLDER
    … | Tests/Parity/check_saved.py FOLDER --adapter ADAPTER
    Tests/Parity/check_saved.py FOLDER --scores scores.jsonl

FOLDER is a checkpoint and ADAPTER an adapter in PEFT's layout, which ftreport saved. A line is

    {"ids": […], "targets": [{"ids": […], "logProbability": …, "isGreedy": …}, …],
     "targetIDs": […], "logits": […], "logSumExp": …, "argmax": …}

where `targetIDs` are the first tokens of the targets and `logits` theirs at the last token of the text,
without `targetIDs` those of all words; or `{"ids": […], "state": […]}` at the first token of an encoder.
`logProbability` is the sum over all tokens of a target. Fails if any number differs by more
than 1e-4. The packages are those of requirements.txt.
"""

import argparse
import json
import os
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
import transformers
from peft import PeftModel

TOLERANCE = 1e-4


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--adapter", type=Path)
    parser.add_argument("--scores", type=argparse.FileType(), default=sys.stdin)
    options = parser.parse_args()
    model, runner = load(options.folder, options.adapter)
    worst, lines = 0.0, 0
    for line in filter(str.strip, options.scores):
        with torch.no_grad():
            worst = max(worst, difference(json.loads(line), model, runner))
        lines += 1
    print(f"{options.adapter or options.folder}: {lines} lines, largest difference {worst:.2e}")
    sys.exit(0 if lines > 0 and worst <= TOLERANCE else 1)


def load(folder, adapter):
    """The Transformers model, and what to call: itself or PEFT's wrapper."""
    config = transformers.AutoConfig.from_pretrained(folder)
    kind = getattr(transformers, config.architectures[0])
    model, report = kind.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", output_loading_info=True)
    problems = {name: names for name, names in report.items() if names}
    if problems:
        print(f"{folder}: {problems}", file=sys.stderr)
    if adapter is None:
        return model.eval(), model
    return model.eval(), PeftModel.from_pretrained(model, adapter).eval()


def difference(score, model, runner):
    """The largest difference of a line's numbers."""
    ids = torch.tensor([score["ids"]])
    inputs = dict(input_ids=ids, attention_mask=torch.ones_like(ids))
    if "state" in score:
        # PEFT changed the layers in place, so the model itself has the adapter.
        state = model.base_model(**inputs).last_hidden_state[0, 0]
        return largest(state, score["state"])
    logits = runner(**inputs).logits[0, -1]
    found = logits[score["targetIDs"]] if "targetIDs" in score else logits
    differences = [largest(found, score["logits"])] if len(found) > 0 else []
    if "logSumExp" in score:
        differences.append(largest(torch.logsumexp(logits, -1), score["logSumExp"]))
    if "argmax" in score:  # another word may win by rounding, but not by more
        differences.append((logits.max() - logits[score["argmax"]]).item())
    for target in score.get("targets", []):
        differences.append(
            abs(log_probability(score["ids"], target["ids"], runner) - target["logProbability"]))
    return max(differences)


def log_probability(context, continuation, runner):
    """The log-probability of a continuation, in nats."""
    ids = torch.tensor([context + continuation[:-1]])
    logits = runner(input_ids=ids, attention_mask=torch.ones_like(ids)).logits[0]
    steps = torch.log_softmax(logits[-len(continuation):], -1)
    return steps.gather(-1, torch.tensor(continuation)[:, None]).sum().item()


def largest(found, printed):
    printed = torch.tensor(printed)
    if found.shape != printed.shape:
        return float("inf")
    gap = (found - printed).abs().max().item()
    return gap if gap == gap else float("inf")


if __name__ == "__main__":
    main()
