"""What is measured: logits and gradients at the start, losses along twenty steps, logits after."""

import torch
from torch.nn import functional
from transformers import get_linear_schedule_with_warmup

from .inputs import LABEL_WORDS, batches
from .methods import apply
from .subject import Subject

STEPS, WARMUP = 20, 4


def at_start(family):
    """Hidden states and logits of real tokens, and the gradient of every parameter.

    The loss is the mean cross-entropy over all words of the label word after the last token of each
    sequence, or, for an encoder, of the class that a linear head finds in the first token's state.
    """
    batch = batches()[0]
    sequences, labels = batch["sequences"], batch["labels"]
    subject = Subject(family, family.model())
    real = subject.inputs(sequences)["attention_mask"].bool()
    tensors = {"hidden": subject.states(sequences)[real]}
    if family.is_encoder:
        apply("full", subject)
        loss = subject.loss(batch)
    else:
        tensors["logits"] = subject.logits(sequences)[real]
        words = torch.tensor([LABEL_WORDS[label] for label in labels])
        loss = functional.cross_entropy(subject.answers(sequences), words)
    loss.backward()
    for name, parameter in subject.trained():
        if parameter.grad is not None:  # an encoder's pooler and word head are not reached
            tensors[f"gradient/{name}"] = parameter.grad
    return loss.item(), tensors


def course(family, name):
    """Trains a fresh model by a method; the record, the tensors and the trained subject."""
    subject = Subject(family, family.model())
    method = apply(name, subject)
    tensors = dict(method.tensors)
    tensors |= {f"start/{key}": tensor for key, tensor in subject.adapter().items()}
    record = trained(subject, method)
    with torch.no_grad():
        tensors["answers"] = subject.answers(batches()[0]["sequences"])
    record = dict(
        name=name, **method.options, **record,
        positions=positions(subject) if "virtualTokens" in method.options else None)
    record = {key: value for key, value in record.items() if value is not None}
    return record, {f"{name}/{key}": tensor for key, tensor in tensors.items()}, subject


def trained(subject, method):
    """Twenty steps over the batches in turn."""
    named = subject.trained()
    parameters = [parameter for _, parameter in named]
    scale = method.rate_scale or (lambda name: 1.0)
    optimizer = torch.optim.AdamW(
        [dict(params=[parameter], lr=method.rate * scale(name)) for name, parameter in named],
        betas=method.betas, eps=method.epsilon, weight_decay=method.weight_decay)
    schedule = get_linear_schedule_with_warmup(optimizer, WARMUP, STEPS)
    factors, losses, norms = [], [], []
    data = batches()
    for step in range(STEPS):
        batch = data[step % len(data)]
        loss = method.loss(step, batch) if method.loss else subject.loss(batch)
        loss.backward()
        # With an infinite limit nothing is clipped and the norm is still computed.
        norm = torch.nn.utils.clip_grad_norm_(parameters, method.clip or float("inf"))
        factors.append(optimizer.param_groups[0]["lr"] / optimizer.param_groups[0]["initial_lr"])
        losses.append(loss.item())
        norms.append(norm.item())
        if step == 0:
            reached = [p.numel() for p in parameters if p.grad is not None]
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
    return dict(
        trainedParameters=sum(reached), weightDecay=method.weight_decay, beta1=method.betas[0],
        beta2=method.betas[1], epsilon=method.epsilon, clipNorm=method.clip,
        learningRates=[method.rate * factor for factor in factors], losses=losses, norms=norms)


def positions(subject):
    """The positions a longest sequence's tokens get from the model when PEFT prepends something."""
    seen = []

    def note(module, arguments, keywords):
        found = keywords.get("position_ids")
        # Qwen2 hands its states over before the positions, Gemma 3 a layer's kind after them. RoBERTa
        # counts from its padding's id on.
        tensors = [item for item in arguments if isinstance(item, torch.Tensor)]
        found = tensors[-1] if found is None else found
        padding = getattr(module, "padding_idx", None)
        seen.append(found if padding is None else found - padding - 1)

    tables = ("embed_positions", "wpe", "rotary_emb", "position_embeddings")
    module = next((m for n, m in subject.model.named_modules() if n.endswith(tables)), None)
    if module is None:
        return None  # tokens know distances only
    sequence = max(batches()[0]["sequences"], key=len)
    hook = module.register_forward_pre_hook(note, with_kwargs=True)
    with torch.no_grad():
        subject.answers([sequence])
    hook.remove()
    return seen[0].flatten().tolist()
