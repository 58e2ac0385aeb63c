#!/usr/bin/env python3
"""Records how the setfit package trains a sentence encoder, in Fixtures/contrastive beside this.

    python -m venv V && V/bin/pip install setfit==1.2.0 sentence-transformers==6.2.0   # and requirements.txt
    V/bin/python Tests/Parity/make_contrastive.py

The encoder is the BERT that make.py wrote, with the tokenizer of make_classifiers.py, mean pooling and
states of length 1; dropout is off. Kept are the package's pairs, step by step, the loss of every step, and
afterwards states and probabilities of other texts. ExperimentsTests/Methods/Features must find the same.
"""

import json
import os
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from datasets import Dataset
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Normalize, Pooling, Transformer
from setfit import SetFitModel, Trainer, TrainingArguments
from sklearn.linear_model import LogisticRegression
from transformers import AutoConfig, AutoModel, PreTrainedTokenizerFast

ROOT = Path(__file__).parent / "Fixtures"
STEPS, BATCH, RATE = 20, 6, 2e-3


def rows(name):
    lines = (ROOT / "classifiers" / name).read_text().splitlines()[1:]
    return [(line.split("\t")[0], line.split("\t")[2]) for line in lines]


def body(folder):
    config = AutoConfig.from_pretrained(ROOT / "bert")
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    model = AutoModel.from_pretrained(ROOT / "bert", config=config, dtype=torch.float32)
    model.save_pretrained(folder)
    PreTrainedTokenizerFast(
        tokenizer_file=str(ROOT / "classifiers" / "bert.json"), pad_token="<pad>",
        unk_token="<unk>", cls_token="<s>", sep_token="</s>", model_max_length=32,
    ).save_pretrained(folder)
    encoder = Transformer(str(folder), max_seq_length=32)
    return SentenceTransformer(modules=[
        encoder, Pooling(config.hidden_size, "mean"), Normalize()], device="cpu")


def main():
    torch.set_num_threads(1)
    training, evaluation = rows("train.tsv")[:12], rows("eval.tsv")
    labels = sorted({label for _, label in training})
    texts = [text for text, _ in training]
    assert len(set(texts)) == len(texts)
    steps = []
    with tempfile.TemporaryDirectory() as folder:
        model = SetFitModel(body(Path(folder) / "body"), LogisticRegression())
        arguments = TrainingArguments(
            output_dir=folder, batch_size=BATCH, max_steps=STEPS, body_learning_rate=RATE,
            l2_weight=0.0, report_to="none", save_strategy="no", logging_strategy="no")
        trainer = Trainer(model, arguments, train_dataset=Dataset.from_dict(
            dict(text=texts, label=[labels.index(label) for _, label in training])))
        build = trainer.get_dataset

        def recording(*positional, **named):
            dataset, loss = build(*positional, **named)
            forward, tokenizer = loss.forward, model.model_body.tokenizer
            known = {tuple(tokenizer(text)["input_ids"]): i for i, text in enumerate(texts)}

            def number(features):
                return [
                    known[tuple(row[mask.bool()].tolist())]
                    for row, mask in zip(features["input_ids"], features["attention_mask"])]

            def record(features, labels, *more, **others):
                features = list(features)
                pairs = list(zip(*[number(side) for side in features], labels.tolist()))
                result = forward(features, labels, *more, **others)
                value = sum(result.values()) if isinstance(result, dict) else result
                steps.append(dict(
                    pairs=[[a, b, int(same)] for a, b, same in pairs], loss=value.item()))
                return result

            loss.forward = record
            return dataset, loss

        trainer.get_dataset = recording
        trainer.train()
        asked = [text for text, _ in evaluation]
        states = model.model_body.encode(asked)
        shares = model.predict_proba(asked)
    assert len(steps) == STEPS, len(steps)
    folder = ROOT / "contrastive"
    folder.mkdir(exist_ok=True)
    digits = lambda values: [[float(f"{value:.6g}") for value in row] for row in values]
    (folder / "expected.json").write_text(json.dumps(dict(
        batch=BATCH, rate=RATE, texts=texts, labels=[labels.index(label) for _, label in training],
        steps=steps, asked=asked, states=digits(states.tolist()),
        probabilities=digits(shares.tolist()))) + "\n")
    print(sum(step["loss"] for step in steps[:3]) / 3, steps[-1]["loss"], shares[:3])


if __name__ == "__main__":
    main()
