"""A model under a method: what runs, what trains and how it answers."""

import torch
from peft import get_peft_model_state_dict
from torch.nn import functional

from .inputs import LABEL_WORDS, padded


class Subject:
    """A family's model, possibly inside PEFT's wrapper, possibly with a linear head.

    `model` is the Transformers model, which PEFT changes in place; `peft` its wrapper or None.
    A head reads the last token's state of a decoder and the first token's of an encoder, which is
    the text's own where virtual tokens come before it.
    """

    def __init__(self, family, model):
        self.family = family
        self.model = model
        self.peft = None
        self.head = None
        self.added_positions = 0  # virtual tokens that have states and logits of their own

    def inputs(self, sequences):
        return padded(sequences, self.family.config.pad_token_id)

    def states(self, sequences):
        """The last hidden states, padding and an encoder's virtual tokens included."""
        prepends = self.peft is not None and self.peft.active_peft_config.is_prompt_learning
        model = self.peft if prepends and self.family.is_encoder else self.model.base_model
        return model(**self.inputs(sequences)).last_hidden_state

    def logits(self, sequences):
        """The logits of all words, padding and virtual tokens included."""
        return (self.peft or self.model)(**self.inputs(sequences)).logits

    def answers(self, sequences):
        """One row a sequence: logits of the head's classes, or of all words at the last token."""
        rows = torch.arange(len(sequences))
        last = torch.tensor([len(sequence) - 1 for sequence in sequences])
        if self.head is None:
            return self.logits(sequences)[rows, self.added_positions + last]
        first = torch.full_like(last, self.added_positions)
        place = first if self.family.is_encoder else last
        return functional.linear(self.states(sequences)[rows, place], self.head)

    def loss(self, batch):
        """Mean cross-entropy of the classes, among the label words where there is no head."""
        answers = self.answers(batch["sequences"])
        if self.head is None:
            answers = answers[:, LABEL_WORDS]
        return functional.cross_entropy(answers, torch.tensor(batch["labels"]))

    def trained(self):
        """Names and parameters that train, the head last."""
        parameters = [(n, p) for n, p in self.model.named_parameters() if p.requires_grad]
        if self.peft is not None:
            parameters = [(n, p) for n, p in self.peft.named_parameters() if p.requires_grad]
        return parameters + ([] if self.head is None else [("head", self.head)])

    def adapter(self):
        """The adapter's tensors under the names of PEFT's files."""
        if self.peft is None:
            return {}
        state = get_peft_model_state_dict(self.peft, save_embedding_layers=False)
        return {name: tensor.detach().clone() for name, tensor in state.items()}
