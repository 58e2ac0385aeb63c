#!/usr/bin/env python3
"""Records what PEFT computes with less common adapters, under Fixtures/adapters beside this.

    .build/reference/bin/python Tests/Parity/make_adapters.py

The models are those that make.py wrote. Each adapter's trained tensors are moved at random, saved by
`save_pretrained`, loaded again by `PeftModel.from_pretrained`, and asked for the logits after the
fixture's first texts. See AdapterLayoutTests in EngineTests; `requirements.txt` has the packages.
"""

import json
import os
import shutil
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from peft import LoraConfig, PeftModel, PrefixTuningConfig, get_peft_model
from transformers import AutoModelForCausalLM

ROOT = Path(__file__).resolve().parent / "Fixtures"
FOLDER = ROOT / "adapters"


def lora(targets, **settings):
    return LoraConfig(
        task_type="CAUSAL_LM", r=2, lora_alpha=3, target_modules=targets, **settings)


ADAPTERS = {
    "saved-modules": (
        "llama", lora(["q_proj"], modules_to_save=["embed_tokens", "lm_head", "norm"])),
    "saved-table-tied": ("llama-tied", lora(["q_proj"], modules_to_save=["embed_tokens"])),
    "saved-table-kept-tied": (
        "llama-tied",
        lora(["q_proj"], modules_to_save=["embed_tokens"], ensure_weight_tying=True)),
    "tables": ("llama", lora(["q_proj", "embed_tokens", "lm_head"], use_rslora=True)),
    "table-tied": ("llama-tied", lora(["v_proj", "embed_tokens"])),
    "output-tied": ("llama-tied", lora(["v_proj", "lm_head"])),
    "tokens": (
        "llama",
        lora(["q_proj"], trainable_token_indices={"embed_tokens": [18, 3], "lm_head": [2]})),
    "tokens-tied": ("llama-tied", lora(["q_proj"], trainable_token_indices=[18, 3])),
    "biases": ("opt", lora(["q_proj"], bias="all")),
    "product-biases": ("gpt2", lora(["c_attn"], lora_bias=True, fan_in_fan_out=True)),
    "projections": ("opt-post-norm", lora("all-linear")),
    "saved-fused": ("gpt2", lora(["c_fc"], modules_to_save=["h.0.attn.c_attn"])),
    "projected-prefix": (
        "opt",
        PrefixTuningConfig(
            task_type="CAUSAL_LM", num_virtual_tokens=3, prefix_projection=True,
            encoder_hidden_size=5)),
}


def main():
    torch.set_num_threads(1)
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name, (family, config) in ADAPTERS.items():
        base = ROOT / family
        texts = json.loads((base / "expected.json").read_text())["batches"][0]["sequences"]
        torch.manual_seed(7)
        model = get_peft_model(AutoModelForCausalLM.from_pretrained(base), config)
        with torch.no_grad():
            for parameter in model.parameters():
                if parameter.requires_grad:
                    parameter += 0.3 * torch.randn(parameter.shape)
        target = FOLDER / name
        # Otherwise the whole tables are saved beside products that suffice.
        model.save_pretrained(target, save_embedding_layers=False)
        (target / "README.md").unlink(missing_ok=True)
        base_path = target / "adapter_config.json"
        fields = json.loads(base_path.read_text())
        fields["base_model_name_or_path"] = family
        base_path.write_text(json.dumps(fields, indent=1, sort_keys=True) + "\n")
        loaded = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), target).eval()
        answers = []
        with torch.no_grad():
            for text in texts:
                logits = loaded(input_ids=torch.tensor([text])).logits[0, -1]
                answers.append([float(f"{value:.7g}") for value in logits.tolist()])
        (target / "answers.json").write_text(
            json.dumps({"model": family, "answers": answers}) + "\n")


if __name__ == "__main__":
    main()
