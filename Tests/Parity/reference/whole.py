"""Methods from texts to answers: prompts, calibrations, teachers, preparations, heads.

The texts are words such as `w17`, which become the token 19; `no` is 0 and `yes` is 1, as in the
tokenizer of `SyntheticTask`. All training is on the whole of the examples at once, so that no order
matters, at a constant rate.
"""

import torch
from torch.nn import functional

from .families import POSITIONS, families
from .inputs import VOCABULARY, generator, padded

FIRST_WORD, CLASSES = 2, 2
SAMPLE, EVALUATION, POOL = 8, 6, 5
RATE, CLIP, EPOCHS = 2e-3, 1.0, 5
TEMPERATURE, TEACHER_SHARE = 2.0, 0.5
TAPT_EPOCHS, TAPT_RATE, TAPT_DECAY, TAPT_WARMUP = 3, 1e-3, 0.01, 1
HEAD_SCALE = 0.3


def whole(folder, write_json):
    by_name = {family.name: family for family in families()}
    sample, evaluation, pool = texts(SAMPLE), texts(EVALUATION), texts(POOL)
    records = [
        record(by_name[name], by_name[teacher], sample, evaluation, pool)
        for name, teacher in (("gpt2", "llama"), ("llama", "gpt2"))]
    write_json(folder / "expected.json", dict(
        sample=[written(example) for example in sample],
        evaluation=[written(example) for example in evaluation],
        pool=[written(example) for example in pool],
        rate=RATE, epochs=EPOCHS, temperature=TEMPERATURE, teacherShare=TEACHER_SHARE,
        preparationEpochs=TAPT_EPOCHS, preparationRate=TAPT_RATE, models=records))


def texts(count):
    """Token lists with a class each, the classes in turn; all different ones."""
    random = generator("whole", count)
    return [
        (torch.randint(FIRST_WORD, VOCABULARY, (2 + number % 3,), generator=random).tolist(),
         number % CLASSES) for number in range(count)]


def written(example):
    return dict(
        text=" ".join(f"w{token - FIRST_WORD}" for token in example[0]), label=example[1])


def record(family, teacher, sample, evaluation, pool):
    model = family.model()
    random = generator("whole", family.name, "heads")
    width = family.embedding_width
    head = dict(weight=HEAD_SCALE * torch.randn(CLASSES, width, generator=random))
    mlp = dict(
        inner=HEAD_SCALE * torch.randn(width, width, generator=random),
        inner_bias=HEAD_SCALE * torch.randn(width, generator=random),
        weight=HEAD_SCALE * torch.randn(CLASSES, width, generator=random),
        bias=HEAD_SCALE * torch.randn(CLASSES, generator=random))
    with torch.no_grad():
        prompting = calibrations(model, sample, evaluation)
        own = teach(model, sample, [])
        other = teach(teacher.model().eval(), sample, [])
        own_whole = teach(model, sample, pool)
    return dict(
        name=family.name, teacher=teacher.name, prompting=prompting,
        verbalizer=train(family, sample, evaluation),
        distillation=distill(family, sample, [], evaluation, own),
        otherTeacher=distill(family, sample, [], evaluation, other),
        wholePool=distill(family, sample, pool, evaluation, own_whole),
        pretraining=prepared(family, sample, evaluation, pool),
        linearProbe=with_head(family, sample, evaluation, head, trains_model=False),
        mlpHead=with_head(family, sample, evaluation, mlp, trains_model=True))


# Asking the model as it is


def calibrations(model, sample, evaluation):
    shown = demonstrations(sample, POSITIONS // 2, lambda text, label: text + [label])
    turned = demonstrations(sample, POSITIONS // 2, lambda text, label: [label] + text)
    prompts = [text for text, _ in evaluation]
    scores = words(model, [shown + prompt for prompt in prompts])
    # "N/A" and "[MASK]" are the word without a number, and nothing at all is the first token.
    silent = words(model, [shown + [FIRST_WORD], shown + [FIRST_WORD], shown + [0]])
    domain = words(model, [[0]])
    channel = torch.stack([
        torch.stack([likelihood(model, turned + [label], text) for label in range(CLASSES)])
        for text in prompts])
    return {
        "none": rows(scores),
        "contextual": rows(scores - silent.softmax(-1).mean(0).log()),
        "dc-pmi": rows(scores - domain.softmax(-1).log()),
        "channel": rows(channel)}


def demonstrations(examples, room, write):
    """As many of the first examples as fit."""
    tokens = []
    for text, label in examples:
        more = write(text, label)
        if len(tokens) + len(more) > room:
            break
        tokens = tokens + more
    return tokens


def likelihood(model, before, text):
    logits = model(torch.tensor([before + text])).logits[0, len(before) - 1:-1]
    return -functional.cross_entropy(logits, torch.tensor(text), reduction="sum")


def words(model, sequences):
    """Logits of the label words after each sequence."""
    return torch.stack([
        model(torch.tensor([sequence])).logits[0, -1, :CLASSES] for sequence in sequences])


def rows(scores):
    return scores.softmax(-1).tolist()


# Training


def teach(teacher, sample, pool):
    """Answers behind demonstrations: others of the sample, or for the pool its beginning."""
    prompts = []
    for index, (text, _) in enumerate(sample):
        others = [sample[(index + step) % len(sample)] for step in range(1, len(sample))]
        room = POSITIONS - len(text)
        prompts.append(demonstrations(others, room, lambda t, label: t + [label]) + text)
    first = demonstrations(sample, POSITIONS // 2, lambda t, label: t + [label])
    prompts += [first + text for text, _ in pool]
    return (words(teacher, prompts) / TEMPERATURE).softmax(-1)


def train(family, sample, evaluation, model=None):
    """Cross-entropy of the label word over all words."""
    model = model or family.model()
    targets = torch.tensor([label for _, label in sample])
    return course(
        model.parameters(), evaluation, lambda text: answers(model, family, text),
        lambda: functional.cross_entropy(answers(model, family, sample), targets))


def distill(family, sample, pool, evaluation, teacher):
    model = family.model()
    targets = torch.tensor([label for _, label in sample])
    count = len(sample) + len(pool)

    def loss():
        logits = answers(model, family, sample + pool)[:, :CLASSES]
        divergence = functional.kl_div(
            torch.log_softmax(logits / TEMPERATURE, -1), teacher, reduction="sum")
        entropy = functional.cross_entropy(logits[: len(sample)], targets, reduction="sum")
        return (TEACHER_SHARE * TEMPERATURE**2 * divergence
                + (1 - TEACHER_SHARE) * entropy) / count

    return course(
        model.parameters(), evaluation, lambda text: answers(model, family, text), loss)


def prepared(family, sample, evaluation, pool):
    """Next words of the pool's texts first, with a warm-up of one step and linear decay to zero."""
    model = family.model()
    optimizer = torch.optim.AdamW(model.parameters(), lr=TAPT_RATE, weight_decay=TAPT_DECAY)
    inputs = batch(family, pool)
    labels = inputs["input_ids"].masked_fill(inputs["attention_mask"] == 0, -100)
    losses = []
    for step in range(TAPT_EPOCHS):
        share = (step / TAPT_WARMUP if step < TAPT_WARMUP
                 else (TAPT_EPOCHS - step) / (TAPT_EPOCHS - TAPT_WARMUP))
        optimizer.param_groups[0]["lr"] = TAPT_RATE * share
        loss = model(**inputs, labels=labels).loss
        losses.append(loss.item())
        step_along(loss, model.parameters(), optimizer)
    return dict(train(family, sample, evaluation, model), preparation=losses)


def with_head(family, sample, evaluation, start, trains_model):
    model = family.model()
    head = {name: torch.nn.Parameter(value.clone()) for name, value in start.items()}
    targets = torch.tensor([label for _, label in sample])

    def scores(text):
        states = at_last(model.base_model(**batch(family, text)).last_hidden_state, text)
        if "inner" in head:
            states = torch.relu(functional.linear(states, head["inner"], head["inner_bias"]))
        return functional.linear(states, head["weight"], head.get("bias"))

    parameters = list(head.values()) + (list(model.parameters()) if trains_model else [])
    found = course(
        parameters, evaluation, scores, lambda: functional.cross_entropy(scores(sample), targets))
    return dict(found, head={name: value.flatten().tolist() for name, value in start.items()})


def course(parameters, evaluation, scores, loss):
    """The loss before every step, and the answers after the last."""
    parameters = list(parameters)
    optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0)
    losses = []
    for _ in range(EPOCHS):
        value = loss()
        losses.append(value.item())
        step_along(value, parameters, optimizer)
    with torch.no_grad():
        return dict(losses=losses, answers=rows(scores(evaluation)[:, :CLASSES]))


def step_along(loss, parameters, optimizer):
    loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters, CLIP)
    optimizer.step()
    optimizer.zero_grad()


def batch(family, examples):
    return padded([text for text, _ in examples], family.config.pad_token_id)


def answers(model, family, examples):
    """Logits of all words after each text."""
    return at_last(model(**batch(family, examples)).logits, examples)


def at_last(values, examples):
    last = torch.tensor([len(text) - 1 for text, _ in examples])
    return values[torch.arange(len(examples)), last]
