#!/usr/bin/env python3
"""Records what Transformers predicts at masks, in Fixtures/masked beside this.

    .build/reference/bin/python Tests/Parity/make_masked.py [FAMILY …]

The models are the encoders that make.py wrote, each in its `…ForMaskedLM`, whose head is stored here beside
an index that puts the two together. Kept are logits at the masks, gradients, and twenty steps of AdamW
on given masks. EngineTests/Reference must find the same. `requirements.txt` has the packages.
"""

import json
import os
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional
from transformers import AutoModelForMaskedLM

from reference.inputs import VOCABULARY, generator, padded

ROOT = Path(__file__).parent / "Fixtures"
FAMILIES = ["bert", "distilbert", "roberta", "xlm-roberta", "electra", "albert", "modernbert"]
STEPS, RATE = 20, 5e-3
MASK = 4


def texts():
    """Sequences with masks, and what is hidden there."""
    random = generator("masked")
    cases = []
    for length, places in [(7, [2]), (5, [1, 3]), (9, [0, 4, 8]), (3, [2])]:
        tokens = torch.randint(5, VOCABULARY, (length,), generator=random).tolist()
        targets = [tokens[place] for place in places]
        for place in places:
            tokens[place] = MASK
        cases.append(dict(tokens=tokens, masks=places, targets=targets))
    return cases


def record(name, cases):
    model = AutoModelForMaskedLM.from_pretrained(
        ROOT / name, dtype=torch.float32, attn_implementation="eager").eval()
    base = {id(parameter) for parameter in model.base_model.parameters()}
    random = generator(name, "masked head")
    head = {}
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if id(parameter) not in base:
                noise = 0.3 * torch.randn(parameter.shape, generator=random)
                parameter.copy_(noise + (1 if "orm" in key and "weight" in key else 0))
                head[key] = parameter.detach().clone()
    folder = ROOT / "masked" / name
    folder.mkdir(parents=True, exist_ok=True)
    save_file(head, folder / "head.safetensors")
    body = load_file(ROOT / name / "model.safetensors")
    weights = {key: "body.safetensors" for key in body} | {key: "head.safetensors" for key in head}
    (folder / "model.safetensors.index.json").write_text(
        json.dumps(dict(metadata={}, weight_map=weights)) + "\n")

    inputs = padded([case["tokens"] for case in cases], model.config.pad_token_id)
    rows = torch.tensor([i for i, case in enumerate(cases) for _ in case["masks"]])
    places = torch.tensor([place for case in cases for place in case["masks"]])
    targets = torch.tensor([target for case in cases for target in case["targets"]])

    def step():
        logits = model(**inputs).logits[rows, places]
        return logits, functional.cross_entropy(logits, targets)

    logits, loss = step()
    loss.backward()
    gradients = dict(
        embedding=model.get_input_embeddings().weight.grad.norm(dim=1).tolist(),
        dense=next(
            parameter.grad for key, parameter in model.named_parameters()
            if key in head and parameter.dim() == 2).flatten().tolist())
    digits = lambda values: [float(f"{value:.6g}") for value in values]
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    losses, norms = [], []
    for _ in range(STEPS):
        optimizer.zero_grad()
        _, loss = step()
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item())
        optimizer.step()
        losses.append(loss.item())
    return dict(
        logits=digits(logits.flatten().tolist()),
        gradients={key: digits(values) for key, values in gradients.items()},
        losses=digits(losses), norms=digits(norms))


def main():
    torch.set_num_threads(1)
    cases = texts()
    for name in sys.argv[1:] or FAMILIES:
        result = record(name, cases)
        path = ROOT / "masked" / name / "expected.json"
        path.write_text(json.dumps(dict(
            texts=cases, rate=RATE, weightDecay=0.01, **result)) + "\n")
        print(name, result["losses"][0], result["losses"][-1])
    for path in (ROOT / "masked").rglob("*.safetensors"):
        path.chmod(0o644)


if __name__ == "__main__":
    main()
