#!/usr/bin/env python3
"""Runs one scenario with Transformers, PEFT and torch, and prints one line of JSON.

Needs `pip install torch transformers peft`. A process runs one scenario, so that its peak of
resident memory is the scenario's. Training is what `Trainer` does by default: fused AdamW,
gradients clipped at 1, no key-value cache; dropout is off, as on our side, so that both sides'
losses can be compared. `mixed` is what its `bf16=True` does: weights in float32, products in
bfloat16. `bfloat16` has the weights in bfloat16 too, where updates smaller than a weight's last
bit are lost.
"""

import argparse
import json
import resource
import time

import peft
import torch
import transformers

SHAPES = {
    "opt-125m": dict(hidden_size=768, num_hidden_layers=12, num_attention_heads=12, ffn_dim=3072),
    "tiny": dict(hidden_size=128, num_hidden_layers=4, num_attention_heads=4, ffn_dim=512),
}
SIDES = {"float32": "fp32", "mixed": "mixed", "bfloat16": "bf16"}
METHODS = ["vanilla", "lora", "bitfit", "ia3", "prefix", "evaluation", "icl"]
LEARNING_RATE = 1e-5
PAD = 1


def peak_bytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def make_model(shape, folder):
    """Saves an OPT with random weights, which both sides then load."""
    torch.manual_seed(1)
    size = SHAPES[shape]
    config = transformers.OPTConfig(
        vocab_size=50272, word_embed_proj_dim=size["hidden_size"], dropout=0.0, **size)
    transformers.OPTForCausalLM(config).save_pretrained(folder)


class Scenario:
    """A loaded model, the batch as padded tensors, and the step that is timed."""

    def __init__(self, arguments, batch):
        self.is_mixed = arguments.dtype == "mixed"
        self.dtype = torch.bfloat16 if arguments.dtype == "bfloat16" else torch.float32
        self.folder = arguments.model
        self.label_tokens = batch["labelTokens"]
        self.labels = torch.tensor(batch["labels"])
        prompts = [batch["prefix"] + sequence for sequence in batch["sequences"]]
        length = max(arguments.pad, max(map(len, prompts)))
        self.tokens = sum(map(len, prompts))
        self.ids = torch.full((len(prompts), length), PAD)
        self.mask = torch.zeros((len(prompts), length), dtype=torch.long)
        for row, prompt in enumerate(prompts):
            self.ids[row, : len(prompt)] = torch.tensor(prompt)
            self.mask[row, : len(prompt)] = 1
        if arguments.method == "icl":
            self.step = self.prompting()
        elif arguments.method == "evaluation":
            self.step = self.evaluation()
        else:
            self.step = self.training(arguments.method)

    def classifier(self):
        """The model with a class for each label word, whose weights are the word's embedding."""
        model = transformers.AutoModelForSequenceClassification.from_pretrained(
            self.folder, dtype=self.dtype, num_labels=len(self.label_tokens))
        model.config.use_cache = False
        with torch.no_grad():
            model.score.weight.copy_(model.get_input_embeddings().weight[self.label_tokens])
        return model

    def loss(self, model):
        with torch.autocast("cpu", torch.bfloat16, enabled=self.is_mixed):
            return model(input_ids=self.ids, attention_mask=self.mask, labels=self.labels).loss

    def training(self, method):
        model = self.classifier()
        if method == "bitfit":
            for name, parameter in model.named_parameters():
                parameter.requires_grad = name.endswith("bias")
        elif method != "vanilla":
            model = peft.get_peft_model(model, self.adapter(method))
            for name, parameter in model.named_parameters():
                if "score" in name:
                    parameter.requires_grad = False
        model.train()
        trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
        optimizer = torch.optim.AdamW(trained, lr=LEARNING_RATE, weight_decay=0.0, fused=True)

        def step():
            loss = self.loss(model)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            model.zero_grad()
            return loss.item()

        return step

    @staticmethod
    def adapter(method):
        if method == "lora":
            return peft.LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"])
        if method == "ia3":
            return peft.IA3Config(
                target_modules=["k_proj", "v_proj", "fc2"], feedforward_modules=["fc2"])
        return peft.PrefixTuningConfig(task_type="SEQ_CLS", num_virtual_tokens=20)

    def evaluation(self):
        model = self.classifier().eval()

        def step():
            with torch.inference_mode():
                return self.loss(model).item()

        return step

    def prompting(self):
        """Scores every query with all demonstrations before it.

        The vocabulary is scored at every token: right padding leaves no common last token that
        `logits_to_keep` could name.
        """
        model = transformers.AutoModelForCausalLM.from_pretrained(
            self.folder, dtype=self.dtype).eval()
        last = self.mask.sum(dim=1) - 1
        rows = torch.arange(len(last))

        def step():
            with torch.inference_mode():
                logits = model(
                    input_ids=self.ids, attention_mask=self.mask, use_cache=False).logits
                scores = logits[rows, last][:, self.label_tokens].float()
                return torch.nn.functional.cross_entropy(scores, self.labels).item()

        return step


def main():
    baseline = peak_bytes()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--make-model", choices=SHAPES, help="only save random weights in --model")
    parser.add_argument("--model", required=True, help="folder of the model")
    parser.add_argument("--method", choices=METHODS)
    parser.add_argument("--batch", help="file of token ids")
    parser.add_argument("--dtype", default="float32", choices=SIDES)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--warmup", type=int, default=2)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--pad", type=int, default=0, help="pad to this length at least")
    arguments = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    if arguments.make_model:
        make_model(arguments.make_model, arguments.model)
        return
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    with open(arguments.batch, encoding="utf-8") as file:
        scenario = Scenario(arguments, json.load(file))
    seconds, losses = [], []
    for _ in range(arguments.warmup + arguments.steps):
        start = time.perf_counter()
        losses.append(scenario.step())
        seconds.append(time.perf_counter() - start)
    print(json.dumps({
        "method": arguments.method,
        "side": SIDES[arguments.dtype],
        "seconds": seconds[arguments.warmup:],
        "losses": losses,
        "tokens": scenario.tokens,
        "baselineRSS": baseline,
        "peakRSS": peak_bytes(),
        "threads": arguments.threads,
        "versions": {
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "peft": peft.__version__,
        },
    }))


if __name__ == "__main__":
    main()
