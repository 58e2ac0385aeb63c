#!/usr/bin/env python3
"""Records digests of token ids for Tests/EngineTests/Tokenizers/RecordedDigests.swift.

Run by hand: python3 Tests/Parity/make_tokenizers.py ../shared/data
Needs tokenizers, transformers and sentencepiece; the versions used are written into the file.

Ids come from Hugging Face's fast tokenizers, Llama 2's from SentencePiece itself. Texts are every
cell of every line of the shared data, and random strings from a generator that UnicodeTexts.swift
has as well: no text is stored, only a digest of the ids for each block of strings.
"""

import pathlib
import re
import subprocess
import sys

import sentencepiece
import tokenizers
import transformers
from tokenizers import Tokenizer

MASK = (1 << 64) - 1
SEED = 20240513
BLOCK = 100
BLOCKS = 200
PAIR_STRINGS = 2000


class RandomStream:
    """Sources/Engine/Random/RandomStream.swift."""

    def __init__(self, seed, purpose):
        digest = 0xCBF29CE484222325
        for byte in purpose.encode():
            digest = (digest ^ byte) * 0x100000001B3 & MASK
        self.key = self.mixed(digest ^ self.mixed((seed + 0x9E3779B97F4A7C15) & MASK))
        self.counter = 0

    @staticmethod
    def mixed(z):
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
        return z ^ z >> 31

    def next(self):
        self.counter += 1
        return self.mixed((self.key + self.counter * 0x9E3779B97F4A7C15) & MASK)

    def index(self, bound):
        limit = MASK - MASK % bound
        while True:
            bits = self.next()
            if bits < limit:
                return bits % bound


# Code points by kind; the lists are those of UnicodeTexts.swift.
RANGES = [
    [(0x61, 0x7A)],
    [(0x41, 0x5A), (0x61, 0x7A)],
    [(0x20, 0x7E)],
    [(0x30, 0x39), (0x2C, 0x2E), (0x660, 0x669), (0x966, 0x96F), (0xB2, 0xB3), (0x2160, 0x2188)],
    [(0xA0, 0x24F), (0x1E00, 0x1EFF)],
    [(0x61, 0x7A), (0x300, 0x36F), (0x20D0, 0x20F0), (0x1AB0, 0x1ACE)],
    [(0x370, 0x52F), (0x1F00, 0x1FFF)],
    [(0x591, 0x5F4), (0x600, 0x6FF), (0x200E, 0x200F), (0xFB1D, 0xFDFF)],
    [(0x900, 0xDFF), (0xE00, 0xFFF)],
    [(0x1100, 0x11FF), (0xAC00, 0xD7A3)],
    [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2CEAF), (0xF900, 0xFAFF)],
    [(0x3000, 0x30FF), (0x31F0, 0x33FF), (0xFF00, 0xFFEF)],
    [(0x1F300, 0x1FAFF), (0x2600, 0x27BF), (0x1F1E6, 0x1F1FF)],
    [(0x00, 0x1F), (0x7F, 0x9F), (0x61, 0x63)],
    [(0x09, 0x0D), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200D)],
    [(0x2028, 0x202F), (0x205F, 0x2064), (0x3000, 0x3000), (0x180E, 0x180E), (0xFEFF, 0xFEFF)],
    [(0x2000, 0x206F), (0x20A0, 0x20CF), (0x2100, 0x23FF), (0xFE00, 0xFE6F)],
    [(0x10000, 0x1FFFF)],
    [(0x0, 0xD7FF), (0xE000, 0x10FFFF)],
    [(0x800, 0xD7FF), (0xE000, 0xFFFF)],
    [(0xE000, 0xF8FF), (0xE0000, 0xE007F), (0xFFF0, 0xFFFF)],
]
FRAGMENTS = [
    " ", "  ", "\n", "\n\n", "\r\n", "\t", " a", "the", " The", "'s", "'ll", "'RE", "n't", " don't",
    "</s>", "<s>", "<unk>", "<pad>", "<mask>", "[CLS]", "[SEP]", "[MASK]", "[unused1]",
    "<|endoftext|>", "<|padding|>", "##a", "\u2581", "\u2581\u2581", "\u0120", "\ufffd", "<0x41>",
    "\U0001F469\u200D\U0001F469\u200D\U0001F467", "\U0001F44D\U0001F3FD", "\U0001F1E9\U0001F1EA",
    "\u2764\uFE0F\u200D\U0001F525", "e\u0301\u0323", "\u1112\u1161\u11AB", "\uAC00\u11A8",
    "\u0130", "\u03A3\u03A3", "\u1E9E", "\uFB03", "\u2126", "\u0344", "\u0F73", "1234567890",
    "12.5%", "ha" * 60, "-" * 40, "=" * 7, "a" * 101, "                        ",
]
LEADS = [0x00, 0x41, 0x61, 0x80, 0xBF, 0xC0, 0xC3, 0xDF, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF4, 0xF5,
         0xFF]


def character(random, kind):
    ranges = RANGES[kind]
    low, high = ranges[random.index(len(ranges))]
    return chr(low + random.index(high - low + 1))


def text(random):
    """A random string: of one kind, of all kinds, of fragments, or repaired from raw bytes."""
    style = random.index(len(RANGES) + 7)
    length = 1 + random.index(40)
    if random.index(64) == 0:
        length *= 30
    if style < len(RANGES):
        return "".join(
            " " if random.index(8) == 0 else character(random, style) for _ in range(length))
    if style == len(RANGES):
        raw = bytes(
            LEADS[random.index(len(LEADS))] if random.index(2) == 0 else random.index(256)
            for _ in range(length))
        return raw.decode("utf-8", errors="replace")
    parts = []
    for _ in range(length):
        if random.index(3) == 0:
            parts.append(FRAGMENTS[random.index(len(FRAGMENTS))])
        elif style % 2 == 0:
            parts.append(character(random, 2))
        else:
            parts.append(character(random, random.index(len(RANGES))))
    return "".join(parts)


class Digest:
    """FNV-1a over numbers of 32 bits, with a mark after each text."""

    def __init__(self):
        self.value = 0xCBF29CE484222325

    def add(self, numbers):
        value = self.value
        for number in numbers:
            value = (value ^ number) * 0x100000001B3 & MASK
        self.value = (value ^ 0xFFFFFFFF) * 0x100000001B3 & MASK


class Llama:
    """SentencePiece, with its special tokens cut out of the text first, and <s> before it."""

    def __init__(self, path):
        self.model = sentencepiece.SentencePieceProcessor(model_file=str(path))
        self.special = {"<unk>": 0, "<s>": 1, "</s>": 2}

    def encode(self, string):
        ids = [1]
        for part in re.split("(<unk>|</?s>)", string):
            if part in self.special:
                ids.append(self.special[part])
            elif part:
                ids += self.model.encode(part)
        return ids

    def encode_batch(self, strings):
        return [self.encode(string) for string in strings]


class Fast:
    """A tokenizer of the `tokenizers` library."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer

    def encode_batch(self, strings):
        return [encoding.ids for encoding in self.tokenizer.encode_batch(strings)]

    def pairs(self, pairs):
        return [(encoding.ids, encoding.type_ids) for encoding in self.tokenizer.encode_batch(pairs)]


def references(data):
    folder = data / "tokenizers"
    opt = transformers.GPT2Tokenizer.from_pretrained(
        folder / "opt", bos_token="</s>", eos_token="</s>", unk_token="</s>", pad_token="<pad>",
        add_bos_token=True)
    return {
        "gpt2": Fast(transformers.GPT2Tokenizer.from_pretrained(folder / "gpt2")._tokenizer),
        "opt": Fast(opt._tokenizer),
        "neox": Fast(Tokenizer.from_file(str(folder / "gpt-neox-20b/tokenizer.json"))),
        "llama2": Llama(folder / "llama2/tokenizer.model"),
        "stories": Fast(Tokenizer.from_file(str(data / "models/stories260K/tokenizer.json"))),
        "bert": Fast(transformers.BertTokenizer.from_pretrained(
            folder / "bert-base-uncased")._tokenizer),
        # OPT took RoBERTa's vocabulary.
        "roberta": Fast(transformers.RobertaTokenizer.from_pretrained(folder / "opt")._tokenizer),
    }


def hexadecimal(values):
    rows = [values[i:i + 4] for i in range(0, len(values), 4)]
    return "\n".join("      " + ", ".join(f"0x{v:016x}" for v in row) + "," for row in rows)


def main():
    data = pathlib.Path(sys.argv[1])
    output = pathlib.Path(__file__).parent.parent / "EngineTests/Tokenizers/RecordedDigests.swift"
    random = RandomStream(SEED, "unicode texts")
    strings = [text(random) for _ in range(BLOCK * BLOCKS)]
    cells = {}
    for path in sorted(data.rglob("*.tsv")):
        lines = path.read_bytes().decode().split("\n")
        cells[str(path.relative_to(data))] = [cell for line in lines for cell in line.split("\t")]

    def blocks(encoded):
        result = []
        for start in range(0, len(encoded), BLOCK):
            digest = Digest()
            for numbers in encoded[start:start + BLOCK]:
                digest.add(numbers)
            result.append(digest.value)
        return result

    lists = [("texts", blocks([string.encode() for string in strings]))]
    files = {}
    pairs = {}
    for name, reference in references(data).items():
        lists.append((name, blocks(reference.encode_batch(strings))))
        files[name] = []
        for texts in cells.values():
            digest = Digest()
            for ids in reference.encode_batch(texts):
                digest.add(ids)
            files[name].append(digest.value)
        if isinstance(reference, Fast):
            digest = Digest()
            both = list(zip(strings[:PAIR_STRINGS:2], strings[1:PAIR_STRINGS:2]))
            for ids, types in reference.pairs(both):
                digest.add(ids)
                digest.add(types)
            pairs[name] = digest.value
        print(name, file=sys.stderr)

    out = ["/// Digests of the ids that the reference gives, by Tests/Parity/make_tokenizers.py.",
           "///",
           f"/// tokenizers {tokenizers.__version__}, transformers {transformers.__version__},"
           f" sentencepiece {sentencepiece.__version__}.",
           "enum RecordedDigests {", f"  static let seed: UInt64 = {SEED}",
           f"  static let blockLength = {BLOCK}", f"  static let pairedStrings = {PAIR_STRINGS}", ""]
    out.append("  /// By tokenizer: a digest for each block of random strings; `texts` are the strings.")
    out.append("  static let blocks: [String: [UInt64]] = [")
    for name, values in lists:
        out += [f'    "{name}": [', hexadecimal(values), "    ],"]
    out += ["  ]", "", "  /// By tokenizer: the first strings in pairs, ids and type ids.",
            "  static let pairs: [String: UInt64] = ["]
    out += [f'    "{name}": 0x{value:016x},' for name, value in pairs.items()]
    out += ["  ]", "", "  /// Files of the shared data.", "  static let files: [String] = ["]
    out += [f'    "{path}",' for path in cells]
    out += ["  ]", "", "  /// By tokenizer: a digest for each of these files, of every cell of every line.",
            "  static let cells: [String: [UInt64]] = ["]
    for name, values in files.items():
        out += [f'    "{name}": [', hexadecimal(values), "    ],"]
    out += ["  ]", "}", ""]
    output.write_text("\n".join(out))
    subprocess.run(["swift", "format", "--in-place", str(output)], check=True)


if __name__ == "__main__":
    main()
