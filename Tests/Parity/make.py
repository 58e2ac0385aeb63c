#!/usr/bin/env python3
"""Records what Transformers, PEFT and PyTorch compute for tiny models, under Fixtures beside this.

    python3 -m venv .build/reference
    .build/reference/bin/pip install -r Tests/Parity/requirements.txt
    .build/reference/bin/python Tests/Parity/make.py [FAMILY ...]

With names, only these families are written and the others stay as they are.

Each family has a folder: the model as `save_pretrained` writes it, `expected.json` with inputs,
settings and losses, `expected.safetensors` with the numbers, and `adapters` as PEFT saves them
after training. `manifest.json` has the seed and the versions. Everything is drawn from one seed, so
a second run writes the same files; other versions and machines differ in the last digits. It all is
well conditioned: weights disturbed by 3e-7 of themselves move no loss by more than 2e-5 of it.
`rotary.json` has the angles of scaled rotary positions.
`whole` has methods from texts to answers, as `ExperimentsTests` run them. `stories260K` is about a published checkpoint: it needs the folder `shared` beside the checkout and
is left as it is without it. `EngineTests/Reference` and `ExperimentsTests/Reference` read this.
"""

import json
import os
import platform
import re
import shutil
import sys
from importlib.metadata import version
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"  # a family's name is no repository to ask about

import torch
from safetensors.torch import save_file

from reference.families import families
from reference.inputs import LABEL_WORDS, SEED, batches
from reference.rotary import rotary
from reference.stories import stories
from reference.training import at_start, course
from reference.whole import whole

FIXTURES = Path(__file__).resolve().parent / "Fixtures"
PACKAGES = ("torch", "transformers", "peft", "tokenizers", "safetensors")
LIMIT = 4_000_000  # bytes of all fixtures


def main():
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    chosen = sys.argv[1:]
    for family in families():
        if chosen and family.name not in chosen:
            continue
        folder = FIXTURES / family.name
        shutil.rmtree(folder, ignore_errors=True)
        write_family(family, folder)
        print(f"{family.name}: {size(folder):,} bytes")
        for path in folder.rglob("*.safetensors"):
            path.chmod(0o644)  # they are written readable by their owner only
    rotary(FIXTURES / "rotary.json", write_json)
    if not chosen:
        whole(FIXTURES / "whole", write_json)
        stories(FIXTURES / "stories260K", write_json)
    write_json(FIXTURES / "manifest.json", dict(
        seed=SEED, python=platform.python_version(), machine=platform.machine(),
        packages={name: version(name) for name in PACKAGES},
        families=[family.name for family in families()]))
    assert size(FIXTURES) <= LIMIT, f"the fixtures take {size(FIXTURES):,} bytes"
    print(f"together {size(FIXTURES):,} bytes")


def write_family(family, folder):
    family.model().save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    loss, tensors = at_start(family)
    courses = []
    for name in family.methods:
        record, more, subject = course(family, name)
        courses.append(record)
        tensors |= more
        if name in family.folders:
            write_adapter(subject, folder / "adapters" / name)
    write_json(folder / "expected.json", dict(
        kind="encoder" if family.is_encoder else "decoder", labelWords=LABEL_WORDS,
        batches=batches(), loss=loss, courses=courses))
    save_file(
        {name: tensor.detach().contiguous() for name, tensor in tensors.items()},
        folder / "expected.safetensors")


def write_adapter(subject, folder):
    subject.peft.save_pretrained(folder, save_embedding_layers=False)
    (folder / "README.md").unlink()
    # PEFT keeps module names in a set, so their order would change from run to run.
    path = folder / "adapter_config.json"
    config = json.loads(path.read_text())
    config = {key: sorted(item) if isinstance(item, list) else item for key, item in config.items()}
    path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")


def write_json(path, value):
    """Indented, but for lists of numbers or names, which take one line each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(rounded(value), indent=1)
    lists = re.compile(r"\[[^\[\]{}]*\]")
    path.write_text(lists.sub(lambda found: " ".join(found[0].split()), text) + "\n")


def rounded(value):
    """Nine digits tell every float from its neighbours."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return value


def size(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
