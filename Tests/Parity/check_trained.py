#!/usr/bin/env python3
"""Compares what `ftreport predict --json` printed with what Transformers and PEFT compute.

    ftreport predict FOLDER --json < texts.txt > answers.jsonl
    Tests/Parity/check_trained.py texts.txt FOLDER answers.jsonl [FOLDER answers.jsonl …]

FOLDER is one that `ftreport train --save` wrote: a classifier or a language model in Hugging Face's
layout, or an adapter in PEFT's beside a base model. `texts.txt` has a text a line. Fails if a class's
log-probability, which is a logit up to a constant, differs by more than 1e-4. The packages are those
of requirements.txt.
"""

import json
import os
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from peft import PeftConfig, PeftModel
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedTokenizerFast,
)

TOLERANCE = 1e-4


def main():
    texts, *rest = map(Path, sys.argv[1:])
    texts = texts.read_text().splitlines()
    results = [compare(texts, *pair) for pair in zip(rest[::2], rest[1::2])]
    sys.exit(0 if results and all(results) else 1)


def compare(texts, folder, answers):
    """Whether a folder's answers agree."""
    record = json.loads((folder / "ftreport.json").read_text())
    labels = record["task"]["labels"]
    is_classifier = record["objective"] == "head"
    model = load(folder, record, is_classifier)
    tokenizer = tokenizer_of(folder)
    worst, lines = 0.0, 0
    for text, line in zip(texts, answers.read_text().splitlines()):
        answer = json.loads(line)
        template = record["task"]["template"]
        if record["options"].get("pattern") == "plain":
            template = "{text}"
        ids = tokenizer(template.replace("{text}", text)).input_ids
        shared, found = words(tokenizer, record["task"]["labelWords"])
        ids = torch.tensor([ids if is_classifier else ids + shared])
        with torch.no_grad():
            logits = model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits
        if not is_classifier:
            logits = logits[:, -1, found]
        expected = torch.log_softmax(logits[0].float(), -1)
        printed = torch.log(torch.tensor([answer["probabilities"][label] for label in labels]))
        worst = max(worst, (expected - printed).abs().max().item())
        assert answer["label"] == labels[int(printed.argmax())]
        lines += 1
    print(f"{folder.name}: {lines} lines, largest difference {worst:.2e}")
    return lines > 0 and worst <= TOLERANCE


def load(folder, record, is_classifier):
    kind = AutoModelForSequenceClassification if is_classifier else AutoModelForCausalLM
    options = dict(dtype=torch.float32, attn_implementation="eager")
    if record["kind"] == "model":
        model, report = kind.from_pretrained(folder, output_loading_info=True, **options)
        if is_classifier:
            labels = {i: label for i, label in enumerate(record["task"]["labels"])}
            assert model.config.id2label == labels, model.config.id2label
        assert not report["missing_keys"], report
        return model.eval()
    base = PeftConfig.from_pretrained(folder).base_model_name_or_path
    if is_classifier:
        options |= dict(num_labels=len(record["task"]["labels"]))
    model = kind.from_pretrained(base, **options)
    return PeftModel.from_pretrained(model, folder).eval()


def tokenizer_of(folder):
    if (folder / "tokenizer_config.json").exists():
        return AutoTokenizer.from_pretrained(folder)
    return PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))


def words(tokenizer, label_words):
    """The tokens that all label words begin with after a text, and the first that differs."""
    neutral = tokenizer("x", add_special_tokens=False).input_ids
    after = [
        tokenizer(f"x {word}", add_special_tokens=False).input_ids[len(neutral):]
        for word in label_words]
    shared = os.path.commonprefix(after)
    return shared, [ids[len(shared)] for ids in after]


if __name__ == "__main__":
    main()
