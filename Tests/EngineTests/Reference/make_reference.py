"""Records what Hugging Face computes for tiny models, as RecordedReference.swift beside this file.

The recorded numbers are from Python 3.11 on x86-64 with

    torch 2.15.0, transformers 5.23.0, peft 0.21.2, safetensors 0.8.0, numpy 2.4.6

and are reproduced, up to rounding, from the repository's root with

    python3 -m venv .build/reference
    .build/reference/bin/pip install torch transformers peft safetensors numpy
    .build/reference/bin/python Tests/EngineTests/Reference/make_reference.py

Every weight is a formula of its name and index (`formula`), so no weight is stored anywhere;
`WeightFormula` in Swift is the same formula. The part about stories260K needs the folder `shared`
beside the checkout; without it that part keeps the numbers it has.
"""

import json
import re
import tempfile
import textwrap
from pathlib import Path

import numpy as np
import torch
from peft import LoraConfig, TaskType, get_peft_model
from safetensors import safe_open
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    GPT2Config,
    LlamaConfig,
    OPTConfig,
    Qwen2Config,
    get_linear_schedule_with_warmup,
)

HERE = Path(__file__).resolve().parent
OUTPUT = HERE / "RecordedReference.swift"
SHARED = HERE.parents[3] / "shared" / "data"

SEQUENCES = [[7, 5, 33, 12], [20], [9, 30, 10, 17, 17, 6, 25]]
SECOND_SEQUENCES = [[38, 4, 4, 19, 8], [11, 26], [31, 15, 22]]
TARGETS = [3, 29, 14]
LABELS = [[0, 2, 1], [1, 0, 2]]
RECORDED_COLUMNS = [0, 9, 18, 27, 38]
STEPS, WARMUP, RATE, RANK, ALPHA = 10, 3, 5e-3, 4, 8


def formula(name, shape):
    """Uniform-looking numbers in [-a, a] from a hash of the name and the row-major index."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = (seed ^ byte) * 0x01000193 & 0xFFFFFFFF
    x = np.arange(int(np.prod(shape)), dtype=np.uint64)
    x = (x * 0x9E3779B9 + seed) & 0xFFFFFFFF
    x ^= x >> 16
    x = x * 0x85EBCA6B & 0xFFFFFFFF
    x ^= x >> 13
    x = x * 0xC2B2AE35 & 0xFFFFFFFF
    x ^= x >> 16
    unit = (x >> 8).astype(np.float64) / 2**23 - 1
    if len(shape) > 1:
        values = 0.4 * unit
    elif name.endswith(".weight"):
        values = 1 + 0.25 * unit
    else:
        values = 0.2 * unit
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def fill(model):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(formula(name, tuple(parameter.shape)))
    return model.eval()


def configurations():
    common = dict(vocab_size=40, bos_token_id=2, eos_token_id=2, pad_token_id=1)
    opt = dict(
        common, hidden_size=20, ffn_dim=28, num_hidden_layers=2, num_attention_heads=4,
        max_position_embeddings=16)
    llama = dict(
        common, hidden_size=20, intermediate_size=28, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=16)
    return [
        ("opt", OPTConfig(**opt, word_embed_proj_dim=20)),
        ("opt-350m", OPTConfig(**opt, word_embed_proj_dim=12, do_layer_norm_before=False)),
        ("gpt2", GPT2Config(**common, n_embd=20, n_layer=2, n_head=4, n_positions=16)),
        ("llama-tied", LlamaConfig(**llama, head_dim=6, tie_word_embeddings=True)),
        ("llama-untied", LlamaConfig(**llama, head_dim=6, rope_theta=500.0)),
        (
            "qwen2",
            Qwen2Config(
                **dict(llama, hidden_size=24, num_attention_heads=6), tie_word_embeddings=True),
        ),
    ]


def stored_files(model):
    """What the model's folder holds: config.json and the name and shape of every tensor.

    The two layers hold the same tensors, which are listed once, with `#` for the layer's number.
    """
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        config = json.loads((Path(folder) / "config.json").read_text())
        with safe_open(Path(folder) / "model.safetensors", framework="pt") as file:
            shapes = {name: file.get_slice(name).get_shape() for name in file.keys()}
    tensors = {re.sub(r"\.[01]\.", ".#.", name): shape for name, shape in shapes.items()}
    return config, [dict(name=name, shape=shape) for name, shape in sorted(tensors.items())]


def padded(sequences):
    length = max(map(len, sequences))
    ids = torch.tensor([row + [1] * (length - len(row)) for row in sequences])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in sequences])
    return dict(input_ids=ids, attention_mask=mask)


def every_token(model):
    """Logits of every token: some columns and the logarithm of the sum of all exponentials."""
    rows = []
    for sequence in SEQUENCES:
        logits = model(torch.tensor([sequence])).logits[0]
        sums = torch.logsumexp(logits, -1)
        rows += [[*row[RECORDED_COLUMNS].tolist(), total.item()] for row, total in zip(logits, sums)]
    return rows


PARTS = {
    "self_attn_layer_norm": "attention-norm", "final_layer_norm": "feed-forward-norm",
    "ln_1": "attention-norm", "ln_2": "feed-forward-norm", "input_layernorm": "attention-norm",
    "post_attention_layernorm": "feed-forward-norm", "self_attn.q_proj": "query",
    "self_attn.k_proj": "key", "self_attn.v_proj": "value", "self_attn.out_proj": "output",
    "self_attn.o_proj": "output", "attn.c_proj": "output", "fc1": "up", "mlp.c_fc": "up",
    "mlp.up_proj": "up", "mlp.gate_proj": "gate", "fc2": "down", "mlp.c_proj": "down",
    "mlp.down_proj": "down",
}
OUTER = {
    "embed_tokens.weight": "embedding", "wte.weight": "embedding",
    "embed_positions.weight": "positions", "wpe.weight": "positions",
    "project_in.weight": "project-in", "project_out.weight": "project-out",
    "final_layer_norm.weight": "final-norm.weight", "final_layer_norm.bias": "final-norm.bias",
    "ln_f.weight": "final-norm.weight", "ln_f.bias": "final-norm.bias",
    "norm.weight": "final-norm.weight", "lm_head.weight": "output",
}


def in_engine_layout(name, gradient):
    """The engine's names and layouts: outputs × inputs, with GPT-2's joint matrix in three."""
    short = re.sub(r"^(model\.decoder|transformer|model)\.", "", name)
    match = re.match(r"(?:layers|h)\.(\d+)\.(.+)\.(weight|bias)$", short)
    if not match:
        return [(OUTER[short], gradient)]
    layer, part, kind = match.groups()
    if name.startswith("transformer.") and gradient.dim() == 2:
        gradient = gradient.T
    if part == "attn.c_attn":
        thirds = gradient.chunk(3)
        return [(f"layers.{layer}.{p}.{kind}", g) for p, g in zip(("query", "key", "value"), thirds)]
    return [(f"layers.{layer}.{PARTS[part]}.{kind}", gradient)]


def loss_and_gradients(model):
    """Cross-entropy after each sequence; of every gradient its norm and product with a probe."""
    batch = padded(SEQUENCES)
    last = batch["attention_mask"].sum(1) - 1
    logits = model(**batch).logits[torch.arange(len(last)), last]
    losses = torch.nn.functional.cross_entropy(logits, torch.tensor(TARGETS), reduction="none")
    losses.mean().backward()
    gradients = []
    for name, parameter in model.named_parameters():
        for own, gradient in in_engine_layout(name, parameter.grad.double()):
            probe = formula("probe of " + own, (gradient.numel(), 1)).double().flatten()
            product = torch.dot(gradient.reshape(-1), probe).item()
            gradients.append(dict(name=own, norm=gradient.norm().item(), product=product))
    return losses.tolist(), gradients


def trajectory(model, decay):
    """Losses and gradient norms of ten steps over two batches in turn."""
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=RATE, weight_decay=decay)
    schedule = get_linear_schedule_with_warmup(optimizer, WARMUP, STEPS)
    losses, norms = [], []
    for step in range(STEPS):
        batch = padded((SEQUENCES, SECOND_SEQUENCES)[step % 2])
        loss = model(**batch, labels=torch.tensor(LABELS[step % 2])).loss
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(trained, 1.0).item())
        losses.append(loss.item())
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
    return dict(losses=losses, norms=norms)


def classifier(config):
    config.num_labels = 3
    return fill(
        AutoModelForSequenceClassification.from_config(config, attn_implementation="eager"))


def with_lora(config, rslora):
    model = get_peft_model(
        classifier(config),
        LoraConfig(
            task_type=TaskType.SEQ_CLS, r=RANK, lora_alpha=ALPHA, lora_dropout=0.0,
            use_rslora=rslora, target_modules=["q_proj", "v_proj"]))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            match = re.search(r"layers\.(\d+)\.self_attn\.([qv])_proj\.lora_([AB])", name)
            if match:
                layer, part, matrix = match.groups()
                own = f"layers.{layer}.{dict(q='query', v='value')[part]}.lora-{matrix.lower()}"
                parameter.copy_(formula(own, tuple(parameter.shape)))
    return model.eval()


def recorded_model(name, config):
    model = fill(AutoModelForCausalLM.from_config(config, attn_implementation="eager"))
    stored, tensors = stored_files(model)
    losses, gradients = loss_and_gradients(model)
    with torch.no_grad():
        logits = every_token(model)
    record = dict(
        name=name, config=stored, tensors=tensors, logits=logits, losses=losses,
        gradients=gradients, lora=[],
        training=[dict(trajectory(classifier(config), d), weightDecay=d) for d in (0.0, 0.1)])
    # GPT-2's joint matrix would get one addition for query, key and value together.
    for rslora in (False, True) if name != "gpt2" else ():
        model = with_lora(config, rslora)
        with torch.no_grad():
            logits = model(**padded(SEQUENCES)).logits.flatten().tolist()
        record["lora"].append(dict(trajectory(model, 0.0), rslora=rslora, logits=logits))
    return record


def distillation(temperature, share):
    """λ T² KL(p ‖ q) + (1 − λ) CE on formula logits, and its gradient."""
    shape = (3, 11)
    student = (10 * formula("student", shape)).requires_grad_()
    teacher = torch.softmax(10 * formula("teacher", shape) / temperature, -1)
    divergence = torch.nn.functional.kl_div(
        torch.log_softmax(student / temperature, -1), teacher, reduction="batchmean")
    entropy = torch.nn.functional.cross_entropy(student, torch.tensor([4, 0, 10]))
    loss = share * temperature**2 * divergence + (1 - share) * entropy
    loss.backward()
    return dict(
        temperature=temperature, share=share, loss=loss.item(),
        gradient=student.grad.flatten().tolist())


def stories():
    """Greedy continuations and last-token logits of a published checkpoint."""
    folder = SHARED / "models" / "stories260K"
    model = AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager").eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    end = model.config.eos_token_id
    greedy, sentences = [], []
    for prompt in ("Once upon a time", "Lily and Tom went to the", "The dog was sad because"):
        ids = tokenizer(prompt, return_tensors="pt").input_ids
        out = model.generate(
            ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=60,
            pad_token_id=0)
        added = out[0, ids.shape[1]:].tolist()
        added = added[: added.index(end)] if end in added else added
        greedy.append(dict(prompt=prompt, added=added))
    lines = (SHARED / "cola" / "in_domain_dev.tsv").read_text().splitlines()[:20]
    for line in lines:
        ids = tokenizer(line.split("\t")[3], return_tensors="pt").input_ids
        with torch.no_grad():
            logits = model(ids).logits[0, -1]
        columns = logits[[3, 261, 400]].tolist()
        sentences.append([ids.shape[1], *columns, torch.logsumexp(logits, -1).item()])
    return dict(greedy=greedy, sentences=sentences)


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.7g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return value


def kept_stories():
    text = OUTPUT.read_text().split('#"""\n')[1].split('\n    """#')[0]
    return json.loads(text)["stories"]


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    reference = dict(
        models=[recorded_model(name, config) for name, config in configurations()],
        distillation=[distillation(t, s) for t, s in ((2.0, 0.5), (1.0, 1.0), (0.5, 0.25))],
        stories=stories() if SHARED.exists() else kept_stories(),
        inputs=dict(
            sequences=SEQUENCES, secondSequences=SECOND_SEQUENCES, targets=TARGETS, labels=LABELS,
            recordedColumns=RECORDED_COLUMNS, warmup=WARMUP, rate=RATE, rank=RANK, alpha=ALPHA))
    text = json.dumps(rounded(reference), separators=(", ", ":"), sort_keys=True)
    # Lines may break at any space that is left.
    text = re.sub(r'"[^"]*"', lambda string: string[0].replace(" ", r"\u0020"), text)
    lines = textwrap.wrap(text, 94, break_long_words=False, break_on_hyphens=False)
    body = "\n".join("    " + line for line in lines)
    OUTPUT.write_text(
        "/// What Hugging Face computes, written by `make_reference.py` beside this file.\n"
        "enum RecordedReference {\n"
        '  static let json = #"""\n' + body + '\n    """#\n}\n')


if __name__ == "__main__":
    main()
