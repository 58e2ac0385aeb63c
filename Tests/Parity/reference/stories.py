"""What a published checkpoint computes, where the folder `shared` is beside the checkout."""

from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
PROMPTS = ("Once upon a time", "Lily and Tom went to the", "The dog was sad because")
ADDED_TOKENS = 60
SENTENCES = 20
COLUMNS = [3, 261, 400]


def stories(folder, write_json):
    """Greedy continuations, and logits after sentences of CoLA, of which no word is kept."""
    if not SHARED.exists():
        print("stories260K: left as it is, for there is no ../shared/data")
        return
    source = SHARED / "models" / "stories260K"
    model = AutoModelForCausalLM.from_pretrained(source, attn_implementation="eager").eval()
    tokenizer = AutoTokenizer.from_pretrained(source)
    lines = (SHARED / "cola" / "in_domain_dev.tsv").read_text().splitlines()[:SENTENCES]
    with torch.no_grad():
        write_json(folder / "expected.json", dict(
            columns=COLUMNS,
            greedy=[continuation(model, tokenizer, prompt) for prompt in PROMPTS],
            sentences=[sentence(model, tokenizer, line.split("\t")[3]) for line in lines]))


def continuation(model, tokenizer, prompt):
    ids = tokenizer(prompt, return_tensors="pt").input_ids
    out = model.generate(
        ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=ADDED_TOKENS,
        pad_token_id=0)
    added = out[0, ids.shape[1]:].tolist()
    end = model.config.eos_token_id
    return dict(prompt=prompt, added=added[: added.index(end)] if end in added else added)


def sentence(model, tokenizer, text):
    """Some of the last token's logits and the logarithm of the sum of all exponentials."""
    ids = tokenizer(text, return_tensors="pt").input_ids
    logits = model(ids).logits[0, -1]
    return dict(
        tokens=ids.shape[1], logits=logits[COLUMNS].tolist(),
        logSumExp=torch.logsumexp(logits, -1).item())
