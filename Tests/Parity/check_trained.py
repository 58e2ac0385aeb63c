#!/usr/bin/env python3
"""Compares what `ftreport predict --json` printed with what Transformers and PEFT compute.

    ftreport predict FOLDER --json < texts.txt > answers.jsonl
    Tests/Parity/check_trained.py texts.txt FOLDER answers.jsonl [FOLDER answers.jsonl …]

FOLDER is one that `ftreport train --save` wrote: a classifier or a language model in Hugging Face's
layout, or an adapter in PEFT's beside a base model. `texts.txt` has a text a line, or two with a TAB
between them. Every line is asked alone and in batches that the tokenizer pads. Fails if a class's
log-probability, which is a logit up to a constant, differs by more than 1e-4, or a classifier's
probability by more than 1e-5. The packages are those of requirements.txt.
"""

import inspect
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
SHARE_TOLERANCE = 1e-5
BATCH = 7


def main():
    texts, *rest = map(Path, sys.argv[1:])
    texts = [line.split("\t") for line in texts.read_text().splitlines()]
    results = [compare(texts, *pair) for pair in zip(rest[::2], rest[1::2])]
    sys.exit(0 if results and all(results) else 1)


def compare(texts, folder, answers):
    """Whether a folder's answers agree, asked one by one and in padded batches."""
    record = json.loads((folder / "ftreport.json").read_text())
    labels = record["task"]["labels"]
    is_classifier = record["objective"] == "head"
    tokenizer = tokenizer_of(folder)
    model = load(folder, record, is_classifier, tokenizer)
    answers = [json.loads(line) for line in answers.read_text().splitlines()]
    assert len(answers) == len(texts), f"{len(answers)} answers to {len(texts)} lines"
    printed = torch.tensor(
        [[answer["probabilities"][label] for label in labels] for answer in answers])
    for answer, row in zip(answers, printed):
        assert answer["label"] == labels[int(row.argmax())]
    worst, worst_share = 0.0, 0.0
    # Label words are read off the last token, which padding at the right would hide.
    for size in (1, BATCH) if is_classifier and tokenizer.pad_token else (1,):
        for start in range(0, len(texts), size):
            batch = texts[start:start + size]
            logits = ask(model, tokenizer, record, batch, is_classifier)
            expected = torch.log_softmax(logits.float(), -1)
            rows = printed[start:start + len(batch)]
            worst = max(worst, (expected - torch.log(rows)).abs().max().item())
            worst_share = max(worst_share, (expected.exp() - rows).abs().max().item())
    print(
        f"{folder.name}: {len(texts)} lines, largest difference {worst:.2e} of logits, "
        f"{worst_share:.2e} of probabilities")
    return worst <= TOLERANCE and (not is_classifier or worst_share <= SHARE_TOLERANCE)


def ask(model, tokenizer, record, batch, is_classifier):
    """Logits of the classes, as the folder's record says that texts are read."""
    task = record["task"]
    templates = task.get("segments") or [task["template"]]

    def filled(template, texts):
        for field, text in zip(task["fields"], texts):
            template = template.replace("{" + field + "}", text)
        return template

    if not is_classifier:
        shared, found = words(tokenizer, task["labelWords"])
        ids = torch.tensor([tokenizer(filled(templates[0], batch[0])).input_ids + shared])
        inputs = dict(input_ids=ids, attention_mask=torch.ones_like(ids))
    else:
        columns = [[filled(template, texts) for texts in batch] for template in templates]
        inputs = tokenizer(
            *columns, padding=len(batch) > 1, return_tensors="pt",
            return_token_type_ids=takes_types(model))
    with torch.no_grad():
        logits = model(**inputs).logits
    return logits if is_classifier else logits[:, -1, found]


def takes_types(model):
    """Whether the model has segments: a tokenizer without a class of its own numbers them always."""
    body = model.get_base_model() if isinstance(model, PeftModel) else model
    return (
        "token_type_ids" in inspect.signature(body.forward).parameters
        and getattr(body.config, "type_vocab_size", 0) > 1)


def load(folder, record, is_classifier, tokenizer):
    kind = AutoModelForSequenceClassification if is_classifier else AutoModelForCausalLM
    options = dict(dtype=torch.float32, attn_implementation="eager")
    if record["kind"] == "model":
        model, report = kind.from_pretrained(folder, output_loading_info=True, **options)
        if is_classifier:
            labels = {i: label for i, label in enumerate(record["task"]["labels"])}
            assert model.config.id2label == labels, model.config.id2label
            if tokenizer.pad_token_id is not None and not record.get("isClassifier"):
                assert model.config.pad_token_id == tokenizer.pad_token_id
        assert not report["missing_keys"], report
        return model.eval()
    base = PeftConfig.from_pretrained(folder).base_model_name_or_path
    if is_classifier:
        options |= dict(num_labels=len(record["task"]["labels"]))
    model = kind.from_pretrained(base, **options)
    model.config.pad_token_id = tokenizer.pad_token_id
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
