"""What every model is asked: ragged batches with labels, the same for all families."""

import zlib

import torch

SEED = 20260
VOCABULARY = 48
# The words whose logits answer a question with three classes, as a verbalizer's label words do.
LABEL_WORDS = [7, 12, 31]
LENGTHS = [[4, 1, 9, 2, 6], [5, 3, 8], [2, 7, 4, 4], [10, 1, 3, 6]]


def generator(*purpose):
    """Random numbers for one purpose, which no other purpose shifts."""
    text = " ".join(map(str, (SEED, *purpose)))
    return torch.Generator().manual_seed(zlib.crc32(text.encode()))


def batches():
    """Token lists and classes; the ids 0 to 4 are left to padding and other special tokens."""
    random = generator("batches")
    return [
        dict(
            sequences=[
                torch.randint(5, VOCABULARY, (length,), generator=random).tolist()
                for length in lengths],
            labels=[(2 * place + number) % len(LABEL_WORDS) for place in range(len(lengths))])
        for number, lengths in enumerate(LENGTHS)]


def padded(sequences, padding):
    """Ids and mask as Transformers wants them, padded at the right."""
    length = max(map(len, sequences))
    return dict(
        input_ids=torch.tensor([row + [padding] * (length - len(row)) for row in sequences]),
        attention_mask=torch.tensor(
            [[1] * len(row) + [0] * (length - len(row)) for row in sequences]))
