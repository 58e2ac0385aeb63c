#!/usr/bin/env python3
"""Records how Transformers and PEFT train encoders to classify, under Fixtures/classifiers beside this.

    .build/reference/bin/python Tests/Parity/make_classifiers.py [FAMILY …]

The models are the encoders that make.py wrote, each with its `…ForSequenceClassification`: pooler or
dense layer, and a head whose classes are in another order than their names'. `vanilla` trains all of
it, on texts and on pairs that the tokenizer's template puts together as two segments; `lora` is PEFT's
for SEQ_CLS on pairs. Kept are what a course starts from, the loss, rate and gradient norm of every
step and the answers afterwards, with dropout off. `ftreport train --order file --init …` must find the
same: see ExperimentsTests/Runs/Training. `requirements.txt` has the packages.
"""

import inspect
import json
import os
import shutil
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors import safe_open
from safetensors.torch import save_file
from transformers import (
    AutoModelForSequenceClassification,
    PreTrainedTokenizerFast,
)

import make_training
from make_training import LABELS, ROOT, SETTINGS
from reference.inputs import generator

FOLDER = ROOT / "classifiers"
# What PEFT calls queries and values, the template of pairs, the modules besides the body, and those
# that PEFT must be told to train, since their names do not end in `classifier`.
FAMILIES = {
    "bert": (["query", "value"], "bert", ["bert.pooler", "classifier"]),
    "distilbert": (["q_lin", "v_lin"], "bert", ["pre_classifier", "classifier"]),
    "roberta": (["query", "value"], "roberta", ["classifier"]),
    "xlm-roberta": (["query", "value"], "roberta", ["classifier"]),
    "electra": (["query", "value"], "bert", ["classifier"]),
    "mpnet": (["attn.q", "attn.v"], "roberta", ["classifier"]),
    "deberta-v3": (
        ["query_proj", "value_proj"], "bert", ["pooler", "classifier"], ["pooler", "classifier"]),
    "modernbert": (["Wqkv"], "bert", ["head", "classifier"]),
    "eurobert": (
        ["q_proj", "v_proj"], "bert", ["dense", "classifier"], ["dense", "classifier"]),
    "albert": (["query", "value"], "bert", ["albert.pooler", "classifier"]),
}
# Rows of the head: not in the order of the sorted labels.
ROWS = ["yes", "no"]
COURSES = {"vanilla": False, "vanilla-pairs": True, "lora-pairs": True}


def main():
    torch.set_num_threads(1)
    FOLDER.mkdir(exist_ok=True)
    for name in ("bert", "roberta"):
        write_tokenizer(name)
    texts = make_training.written_examples()
    examples = [  # short enough together for 32 positions
        (text, texts[-1 - i][0].split()[-1], label) for i, (text, label) in enumerate(texts)]
    write_examples(examples[:22], FOLDER / "train.tsv")
    write_examples(examples[22:], FOLDER / "eval.tsv")
    for name in sys.argv[1:] or FAMILIES:
        record(name, *FAMILIES[name], examples[:22], examples[22:])
    for path in FOLDER.rglob("*.safetensors"):
        path.chmod(0o644)


def write_tokenizer(name):
    """The tokenizer of make_training.py with an encoder's template."""
    path = FOLDER / f"{name}.json"
    make_training.write_tokenizer(path)
    content = json.loads(path.read_text())
    content["added_tokens"] = content["added_tokens"][:5]
    if name == "roberta":
        processor = dict(
            type="RobertaProcessing", sep=["</s>", 2], cls=["<s>", 3], trim_offsets=True,
            add_prefix_space=True)
    else:
        token = lambda token, kind: dict(SpecialToken=dict(id=token, type_id=kind))
        text = lambda text, kind: dict(Sequence=dict(id=text, type_id=kind))
        single = [token("<s>", 0), text("A", 0), token("</s>", 0)]
        processor = dict(
            type="TemplateProcessing", single=single,
            pair=single + [text("B", 1), token("</s>", 1)],
            special_tokens={
                "<s>": dict(id="<s>", ids=[3], tokens=["<s>"]),
                "</s>": dict(id="</s>", ids=[2], tokens=["</s>"])})
    content["post_processor"] = processor
    path.write_text(json.dumps(content, ensure_ascii=False, indent=None) + "\n")


def write_examples(examples, path):
    rows = ["text\tpair\tlabel"]
    rows += [f"{text}\t{pair}\t{LABELS[label]}" for text, pair, label in examples]
    path.write_text("\n".join(rows) + "\n")


def record(name, targets, template, modules, *further):
    *saved, training, evaluation = further
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(FOLDER / f"{template}.json"), pad_token="<pad>")
    courses = []
    for method, is_pair in COURSES.items():
        model, start = begin(method, name, targets, modules, folder, *saved)
        courses.append(dict(
            method=method, start=start,
            **course(model, tokenizer, rows(method), is_pair, training, evaluation)))
    text = json.dumps(dict(template=template, settings=SETTINGS, courses=courses), indent=1)
    (folder / "expected.json").write_text(text + "\n")


def begin(method, name, targets, modules, folder, saved=None):
    """The model to train, and the folder to start from below its own."""
    model = AutoModelForSequenceClassification.from_pretrained(
        ROOT / name, dtype=torch.float32, attn_implementation="eager", num_labels=len(LABELS))
    random = generator(name, method, "head")
    heads = {
        key: parameter for key, parameter in model.named_parameters()
        if any(key.startswith(module + ".") for module in modules)}
    with safe_open(ROOT / name / "model.safetensors", "pt") as file:
        known = list(file.keys())
    with torch.no_grad():
        for key, parameter in heads.items():
            if method.startswith("lora") and any(key.endswith(other) for other in known):
                continue  # PEFT leaves what the checkpoint has as it is
            parameter.copy_(0.3 * torch.randn(parameter.shape, generator=random))
    stored = {key: parameter.detach().clone() for key, parameter in heads.items()}
    if method == "vanilla":
        start = folder / "start"
        start.mkdir()
        save_file(stored, start / "model.safetensors")
        # Whoever reads a head needs its classes alone.
        config = dict(id2label=dict(enumerate(ROWS)), model_type=model.config.model_type)
        (start / "config.json").write_text(json.dumps(config) + "\n")
        return model, ["start"]
    if method == "vanilla-pairs":
        save_file(stored, folder / "pairs.safetensors")
        return model, ["pairs.safetensors"]
    model = get_peft_model(model, LoraConfig(
        task_type="SEQ_CLS", r=2, lora_alpha=3, lora_dropout=0.0, target_modules=targets,
        modules_to_save=saved))
    random = generator(name, method, "additions")
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if "lora_" in key:
                parameter.copy_(
                    parameter.shape[1] ** -0.5 * torch.randn(parameter.shape, generator=random))
    model.save_pretrained(folder / "adapter", save_embedding_layers=False)
    (folder / "adapter" / "README.md").unlink(missing_ok=True)
    config = folder / "adapter" / "adapter_config.json"
    kept = json.loads(config.read_text())
    kept["base_model_name_or_path"] = name  # the path here is nobody else's
    config.write_text(json.dumps(
        {key: sorted(item) if isinstance(item, list) else item for key, item in kept.items()},
        indent=1, sort_keys=True) + "\n")
    return model, ["adapter"]


def rows(method):
    """The classes in the order of the head's rows; without names it is that of the sorted labels."""
    return ROWS if method == "vanilla" else LABELS


def course(model, tokenizer, rows, is_pair, training, evaluation):
    """Trains over the examples in their order."""
    def answers(batch):
        targets = torch.tensor([rows.index(LABELS[label]) for _, _, label in batch])
        return logits(model, tokenizer, is_pair, batch), targets

    record = make_training.steps(model, training, answers)
    with torch.no_grad():
        shares = torch.softmax(logits(model, tokenizer, is_pair, evaluation), -1)
        shares = shares[:, [rows.index(label) for label in LABELS]]
    return dict(**record, shares=shares.tolist())


def logits(model, tokenizer, is_pair, batch):
    texts = [[text for text, _, _ in batch]]
    if is_pair:
        texts.append([pair for _, pair, _ in batch])
    inputs = tokenizer(*texts, padding=True, return_tensors="pt", return_token_type_ids=True)
    body = model.get_base_model() if isinstance(model, PeftModel) else model
    if "token_type_ids" not in inspect.signature(body.forward).parameters:
        inputs.pop("token_type_ids", None)
    return model(**inputs).logits


if __name__ == "__main__":
    main()
