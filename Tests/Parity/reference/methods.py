"""The methods: each prepares a subject and says what it did, in words that are no library's."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from peft import IA3Config, LoraConfig, PrefixTuningConfig, PromptTuningConfig, get_peft_model
from torch.nn import functional

from .inputs import LABEL_WORDS, batches, generator

CLASSES = len(LABEL_WORDS)
RANK, ALPHA = 4, 8
VIRTUAL_TOKENS = 3
FROZEN_LAYERS, LAYER_DECAY = 1, 0.8
# The number in the name of a layer's parameter, as the families have it, and what lies below the
# layers: tables, their normalization and OPT-350M's projection.
LAYER = re.compile(r"\.(?:layers|layer|h)\.(\d+)\.")
BELOW_LAYERS = re.compile(
    r"(?:^|\.)(?:embed_tokens|embed_positions|project_in|wte|wpe|embed_in|embeddings)\.")
TEMPERATURE, TEACHER_SHARE = 2.0, 0.6
RATE_FACTOR = 16


@dataclass
class Method:
    """What a method made of a subject.

    `options` describes it to a reader in another language, `tensors` holds what it drew and is not
    in the adapter, `loss(step, batch)` and `rate_scale(name)` are its own where it has one.
    """

    options: dict = field(default_factory=dict)
    tensors: dict = field(default_factory=dict)
    loss: Callable | None = None
    rate_scale: Callable | None = None
    rate: float = 4e-3
    weight_decay: float = 0.0
    betas: tuple = (0.9, 0.999)
    epsilon: float = 1e-8
    clip: float | None = 1.0


def apply(name, subject):
    """Prepares the subject for a method; encoders always answer with a head."""
    method = METHODS[name](subject)
    if subject.family.is_encoder:
        add_head(subject, method)
    return method


def add_head(subject, method):
    random = generator(subject.family.name, "head")
    width = subject.family.embedding_width
    subject.head = torch.nn.Parameter(0.3 * torch.randn(CLASSES, width, generator=random))
    method.options["head"] = True
    method.tensors["head"] = subject.head.detach().clone()


def full(subject):
    return Method(weight_decay=0.1)


def head(subject):
    """All weights and a linear head, as Transformers has it for sequence classification."""
    method = Method(weight_decay=0.01)
    add_head(subject, method)
    return method


def probe(subject):
    """A linear head on states that stay as they are: logistic regression."""
    for parameter in subject.model.parameters():
        parameter.requires_grad = False
    method = Method(rate=5e-2)
    if not subject.family.is_encoder:  # which gets its head in any case
        add_head(subject, method)
    return method


def tapt(subject):
    """Gururangan et al. 2020 with next words: every token is predicted from those before it."""
    def loss(step, batch):
        inputs = subject.inputs([row for row in batch["sequences"] if len(row) > 1])
        labels = inputs["input_ids"].masked_fill(inputs["attention_mask"] == 0, -100)
        return subject.model(**inputs, labels=labels).loss

    return Method(weight_decay=0.01, loss=loss)


def bitfit(subject):
    """Ben Zaken et al. 2022: every bias and nothing else. Without clipping, for once."""
    for name, parameter in subject.model.named_parameters():
        parameter.requires_grad = name.endswith(".bias")
    return Method(rate=1e-2, clip=None)


def frozen(subject):
    """Embeddings and lower layers frozen, and a rate that falls with the depth of a layer."""
    layers = subject.family.layers

    def layer(name):
        match = LAYER.search(name)
        return int(match[1]) if match else layers

    for name, parameter in subject.model.named_parameters():
        is_below = BELOW_LAYERS.search(name) is not None
        parameter.requires_grad = not is_below and layer(name) >= FROZEN_LAYERS
    return Method(
        options=dict(frozenLayers=FROZEN_LAYERS, layerDecay=LAYER_DECAY),
        rate_scale=lambda name: LAYER_DECAY ** max(0, layers - 1 - layer(name)))


def distillation(subject):
    """λ T² KL(p ‖ softmax(z / T)) + (1 − λ) CE over all words, p fixed; Hinton et al. 2015."""
    random = generator("teacher")
    teacher = [
        torch.softmax(2 * torch.randn(len(batch["labels"]), subject.family.config.vocab_size,
                                      generator=random), -1)
        for batch in batches()]

    def loss(step, batch):
        answers = subject.answers(batch["sequences"])
        divergence = functional.kl_div(
            torch.log_softmax(answers / TEMPERATURE, -1), teacher[step % len(teacher)],
            reduction="batchmean")
        words = torch.tensor([LABEL_WORDS[label] for label in batch["labels"]])
        entropy = functional.cross_entropy(answers, words)
        return TEACHER_SHARE * TEMPERATURE**2 * divergence + (1 - TEACHER_SHARE) * entropy

    return Method(
        options=dict(temperature=TEMPERATURE, teacherShare=TEACHER_SHARE),
        tensors={"teacher": torch.cat(teacher)}, loss=loss, betas=(0.9, 0.98), epsilon=1e-6)


def wrapped(subject, config):
    """Puts the model into PEFT's wrapper and gives the adapter random values.

    What PEFT puts before an encoder's texts it puts before the model without its word head.
    """
    model = subject.model
    config.task_type = None if subject.family.is_encoder else "CAUSAL_LM"
    if subject.family.is_encoder and config.is_prompt_learning:
        config.task_type = "FEATURE_EXTRACTION"
        model = model.base_model
    model.name_or_path = subject.family.name  # noted in PEFT's files
    subject.peft = get_peft_model(model, config).eval()
    random = generator(subject.family.name, config.peft_type)
    with torch.no_grad():
        for name, parameter in subject.peft.named_parameters():
            noise = torch.randn(parameter.shape, generator=random)
            if "lora_A" in name:  # B stays zero
                parameter.copy_(noise * parameter.shape[1] ** -0.5)
            elif "prompt_encoder" in name:
                parameter.copy_(0.5 * noise)


def low_rank(subject, parts, **options):
    """A product of rank 4; GPT-2 and GPT-NeoX get one for query, key and value together."""
    if "joint" in subject.family.modules and parts == ["query", "value"]:
        parts = ["joint"]
    parts = [part for part in parts if part in subject.family.modules]
    config = LoraConfig(
        r=RANK, lora_alpha=ALPHA, lora_dropout=0.0, target_modules=subject.family.targets(parts),
        fan_in_fan_out=subject.family.name == "gpt2", **options)
    wrapped(subject, config)
    return Method(
        options=dict(rank=RANK, alpha=ALPHA, targets=parts), rate=1e-2, weight_decay=0.01)


def lora(subject):
    return low_rank(subject, ["query", "value"])


def lora_all(subject):
    return low_rank(
        subject, ["joint", "query", "key", "value", "output", "gate", "up", "down"])


def lora_plus(subject):
    """Hayou et al. 2024: B learns faster than A."""
    method = low_rank(subject, ["query", "value"])
    method.options["rateFactor"] = RATE_FACTOR
    method.rate /= 4
    method.rate_scale = lambda name: RATE_FACTOR if "lora_B" in name else 1
    return method


def rslora(subject):
    return low_rank(subject, ["query", "value"], use_rslora=True)


def dora(subject):
    return low_rank(subject, ["query", "value"], use_dora=True)


def ia3(subject):
    """Keys, values and the down projection's input scaled, from one.

    A joint matrix is scaled as a whole, which is PEFT's default for GPT-2 and GPT-NeoX. For OPT and
    Qwen2 PEFT's defaults name queries where Liu et al. 2022 (arXiv:2205.05638) scale keys, and for
    BERT also the attention's output; here it is the paper's three everywhere.
    """
    modules = subject.family.modules
    parts = ["joint", "down"] if "joint" in modules else ["key", "value", "down"]
    wrapped(subject, IA3Config(
        target_modules=subject.family.targets(parts),
        feedforward_modules=subject.family.targets(["down"]),
        fan_in_fan_out=subject.family.name == "gpt2"))
    return Method(options=dict(targets=parts), rate=2e-2)


def prompt(subject):
    """Virtual tokens before the first; positions count them."""
    wrapped(subject, PromptTuningConfig(
        num_virtual_tokens=VIRTUAL_TOKENS, token_dim=subject.family.embedding_width,
        num_layers=subject.family.layers,
        num_attention_heads=subject.family.config.num_attention_heads))
    subject.added_positions = VIRTUAL_TOKENS
    return Method(options=dict(virtualTokens=VIRTUAL_TOKENS), rate=3e-2)


def prefix(subject):
    """Keys and values before the first token's in every layer; positions count them.

    A row of the prefix holds layer after layer, first the keys, then the values, head after head.
    They enter the cache as they are: rotary models do not turn the keys.
    """
    wrapped(subject, PrefixTuningConfig(num_virtual_tokens=VIRTUAL_TOKENS))
    return Method(options=dict(virtualTokens=VIRTUAL_TOKENS), rate=3e-2)


METHODS = {
    "full": full, "head": head, "frozen": frozen, "distillation": distillation, "bitfit": bitfit,
    "probe": probe, "tapt": tapt, "lora": lora, "lora-all": lora_all, "lora-plus": lora_plus,
    "rslora": rslora, "dora": dora, "ia3": ia3, "prompt": prompt, "prefix": prefix,
}
