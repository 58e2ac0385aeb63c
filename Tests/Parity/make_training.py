#!/usr/bin/env python3
"""Records how Transformers and PEFT train classifiers, under Fixtures/training beside this.

    .build/reference/bin/python Tests/Parity/make_training.py

The models are those that make.py wrote, with a tokenizer of single letters, and the published
checkpoint of `../shared/data` where it is there. Each is trained as a user would: by
`AutoModelForSequenceClassification` on fresh `score` weights, by PEFT's LoRA for SEQ_CLS, and by
`AutoModelForCausalLM` towards a label word, with AdamW, warm-up, linear decay and clipping, over the
file's examples in their order. Kept are what it started from, the loss, rate and gradient norm of
every step and the answers afterwards. `ftreport train --order file --init …` must find the same:
see ExperimentsTests/Runs/Training. `requirements.txt` has the packages.
"""

import json
import os
import shutil
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedTokenizerFast,
    get_linear_schedule_with_warmup,
)

from reference.inputs import generator, padded

ROOT = Path(__file__).resolve().parent / "Fixtures"
FOLDER = ROOT / "training"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
FAMILIES = {
    "opt": ["q_proj", "v_proj"], "opt-post-norm": ["q_proj", "v_proj"], "gpt2": ["c_attn"],
    "neox": ["query_key_value"], "llama": ["q_proj", "v_proj"], "qwen2": ["q_proj", "v_proj"],
}
LABELS = ["no", "yes"]
WORDS = ["No", "Yes"]
SETTINGS = dict(rate=2e-3, batch=8, epochs=3, warmup=0.2, clip=1.0)
RANK, ALPHA = 2, 3
STORIES = "stories260K"


def main():
    torch.set_num_threads(1)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    write_tokenizer(FOLDER / "tokenizer.json")
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(FOLDER / "tokenizer.json"))
    examples = written_examples()
    write_examples(examples[:22], FOLDER / "train.tsv")
    write_examples(examples[22:], FOLDER / "eval.tsv")
    for name, targets in FAMILIES.items():
        record(name, ROOT / name, tokenizer, targets, examples[:22], examples[22:])
    if SHARED.exists():
        examples = sentences()
        folder = SHARED / "models" / STORIES
        tokenizer = AutoTokenizer.from_pretrained(folder)
        record(STORIES, folder, tokenizer, ["q_proj", "v_proj"], examples[:22], examples[22:])
    for path in FOLDER.rglob("*.safetensors"):
        path.chmod(0o644)


def record(name, source, tokenizer, targets, training, evaluation):
    """What each method starts from and how it goes, in a folder of the model's name."""
    folder = FOLDER / name
    folder.mkdir()
    courses = []
    for method in ("vanilla", "lora", "pbft"):
        model, start = begin(method, name, source, targets, folder)
        courses.append(dict(
            method=method, start=start,
            **course(method, model, tokenizer, training, evaluation)))
    text = json.dumps(dict(settings=SETTINGS, courses=courses), indent=1)
    (folder / "expected.json").write_text(text + "\n")


def begin(method, name, source, targets, folder):
    """The model to train and the files to start from, relative to its folder."""
    options = dict(dtype=torch.float32, attn_implementation="eager")
    if method == "pbft":
        return AutoModelForCausalLM.from_pretrained(source, **options), []
    model = AutoModelForSequenceClassification.from_pretrained(
        source, num_labels=len(LABELS), **options)
    if model.config.pad_token_id is None:
        model.config.pad_token_id = 1
    random = generator(name, method, "head")
    with torch.no_grad():
        # Scores of size one, whatever the size of the states.
        scale = 0.02 if name == STORIES else 0.3
        model.score.weight.copy_(scale * torch.randn(model.score.weight.shape, generator=random))
    if method == "vanilla":
        save_file({"score.weight": model.score.weight.detach().clone()},
                  folder / "head.safetensors")
        return model, ["head.safetensors"]
    model = get_peft_model(model, LoraConfig(
        task_type="SEQ_CLS", r=RANK, lora_alpha=ALPHA, lora_dropout=0.0, target_modules=targets))
    random = generator(name, method, "additions")
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if "lora_" in key:
                scale = (0.1 if name == STORIES else 1.0) * parameter.shape[1] ** -0.5
                parameter.copy_(scale * torch.randn(parameter.shape, generator=random))
    model.save_pretrained(folder / "adapter", save_embedding_layers=False)
    (folder / "adapter" / "README.md").unlink(missing_ok=True)
    config = folder / "adapter" / "adapter_config.json"
    kept = json.loads(config.read_text())
    kept["base_model_name_or_path"] = name  # the path here is nobody else's
    config.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")
    return model, ["adapter"]


def course(method, model, tokenizer, training, evaluation):
    """Trains over the examples in their order."""
    record = steps(
        model, training, lambda batch: answers(method, model, tokenizer, batch))
    with torch.no_grad():
        logits, _ = answers(method, model, tokenizer, evaluation)
        if method == "pbft":
            logits = logits[:, words(tokenizer)[1]]
        shares = torch.softmax(logits, -1)
    return dict(**record, shares=shares.tolist())


def steps(model, training, answers):
    """Takes every step of a course; `answers` gives a batch's logits and what they should be."""
    model.eval()  # no dropout anywhere
    size, epochs = SETTINGS["batch"], SETTINGS["epochs"]
    batches = [training[start:start + size] for start in range(0, len(training), size)]
    total = len(batches) * epochs
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=SETTINGS["rate"], weight_decay=0.0)
    warmup = -int(-total * SETTINGS["warmup"] // 1)
    schedule = get_linear_schedule_with_warmup(optimizer, warmup, total)
    losses, rates, norms = [], [], []
    for _ in range(epochs):
        for batch in batches:
            loss = functional.cross_entropy(*answers(batch))
            loss.backward()
            norm = torch.nn.utils.clip_grad_norm_(parameters, SETTINGS["clip"])
            losses.append(loss.item())
            rates.append(optimizer.param_groups[0]["lr"])
            norms.append(norm.item())
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
    return dict(losses=losses, learningRates=rates, gradientNorms=norms)


def answers(method, model, tokenizer, batch):
    """Logits at the last token, and what each example's should be."""
    labels = [label for _, label in batch]
    shared, found = words(tokenizer)
    texts = [text if method != "pbft" else f"{text} ?" for text, _ in batch]
    ids = [tokenizer(text).input_ids + (shared if method == "pbft" else []) for text in texts]
    inputs = padded(ids, 1)
    if method != "pbft":
        inputs["input_ids"][inputs["attention_mask"] == 0] = model.config.pad_token_id
        return model(**inputs).logits, torch.tensor(labels)
    last = inputs["attention_mask"].sum(1) - 1
    logits = model(**inputs).logits[torch.arange(len(batch)), last]
    return logits, torch.tensor([found[label] for label in labels])


def words(tokenizer):
    """The tokens that both label words begin with after a text, and the first that differs."""
    neutral = tokenizer("x", add_special_tokens=False).input_ids
    after = [
        tokenizer(f"x {word}", add_special_tokens=False).input_ids[len(neutral):] for word in WORDS]
    shared = os.path.commonprefix(after)
    return shared, [ids[len(shared)] for ids in after]


def written_examples():
    """Texts of letters; 'yes' are those with more vowels than others."""
    random = generator("training", "texts")
    examples = []
    while len(examples) < 30:
        letters = torch.randint(0, 26, (5, 4), generator=random).tolist()
        count = int(torch.randint(1, 5, (1,), generator=random))
        text = " ".join("".join(chr(97 + c) for c in word) for word in letters[:count])
        vowels = sum(text.count(vowel) for vowel in "aeiou")
        examples.append((text, int(vowels > count)))
    return examples


def sentences():
    """The first sentences of CoLA, good and bad ones in turn, of which no word is kept."""
    lines = (SHARED / "cola" / "in_domain_train.tsv").read_text().splitlines()
    rows = [line.split("\t") for line in lines]
    good, bad = ([(row[3], label) for row in rows if row[1] == str(label)] for label in (1, 0))
    return [example for pair in zip(good[:15], bad[:15]) for example in pair]


def write_examples(examples, path):
    rows = ["text\tlabel"] + [f"{text}\t{LABELS[label]}" for text, label in examples]
    path.write_text("\n".join(rows) + "\n")


def write_tokenizer(path):
    """Single letters, and ` Yes` and ` No` as one token each."""
    special = ["<unk>", "<pad>", "</s>", "<s>", "<mask>"]
    letters = ["▁", "?", *(chr(97 + i) for i in range(26)), "Y", "N", "x"]
    merges = [("▁", "Y"), ("▁Y", "e"), ("▁Ye", "s"), ("▁", "N"), ("▁N", "o")]
    vocabulary = []
    for token in special + letters + ["".join(pair) for pair in merges]:
        if token not in vocabulary:
            vocabulary.append(token)
    content = dict(
        version="1.0", truncation=None, padding=None,
        added_tokens=[
            dict(id=i, content=token, single_word=False, lstrip=False, rstrip=False,
                 normalized=False, special=True)
            for i, token in enumerate(special)],
        normalizer=dict(type="Sequence", normalizers=[
            dict(type="Prepend", prepend="▁"),
            dict(type="Replace", pattern=dict(String=" "), content="▁")]),
        pre_tokenizer=None,
        post_processor=dict(
            type="TemplateProcessing",
            single=[dict(SpecialToken=dict(id="</s>", type_id=0)),
                    dict(Sequence=dict(id="A", type_id=0))],
            pair=[dict(Sequence=dict(id="A", type_id=0)), dict(Sequence=dict(id="B", type_id=1))],
            special_tokens={"</s>": dict(id="</s>", ids=[2], tokens=["</s>"])}),
        decoder=dict(type="Sequence", decoders=[
            dict(type="Replace", pattern=dict(String="▁"), content=" "), dict(type="Fuse"),
            dict(type="Strip", content=" ", start=1, stop=0)]),
        model=dict(
            type="BPE", dropout=None, unk_token="<unk>", continuing_subword_prefix=None,
            end_of_word_suffix=None, fuse_unk=True, byte_fallback=False, ignore_merges=False,
            vocab={token: i for i, token in enumerate(vocabulary)},
            merges=[list(pair) for pair in merges]))
    Tokenizer.from_str(json.dumps(content))  # it must be one
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
