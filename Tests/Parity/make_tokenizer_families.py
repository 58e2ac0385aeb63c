#!/usr/bin/env python3
"""Trains small vocabularies and records the reference's ids, under Fixtures/tokenizers beside this.

Run by hand: python3 Tests/Parity/make_tokenizer_families.py ../shared/data
Needs tokenizers and sentencepiece, as make_tokenizers.py does, and protobuf.

The published vocabularies of these families are megabytes. What decides how a text is cut is not: the
patterns, the steps and their order are the published ones, the vocabularies are trained on the shared
data. The characters that `nmt_nfkc` rewrites are a selection of SentencePiece's own rules, compiled by
SentencePiece; with `--whole PATH` the whole table is put to PATH to compare by hand.
"""

import array
import base64
import json
import pathlib
import struct
import sys
import tempfile
import zlib

import sentencepiece
import tokenizers
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from tokenizers.processors import TemplateProcessing

import make_tokenizers
from make_tokenizers import RandomStream

BLOCK = 1000
SPLIT_STRINGS = 400
LINES = 100  # of each file of the shared data
FIXTURES = pathlib.Path(__file__).parent / "Fixtures/tokenizers"
PIECES = 700


def corpus(data):
    """Some lines of each file of the shared data."""
    for path in sorted(data.rglob("*.tsv")):
        for line in path.read_text().split("\n")[:1000]:
            yield from (cell for cell in line.split("\t") if len(cell) > 15)


def train(lines, folder, **options):
    """A unigram model of SentencePiece."""
    path = pathlib.Path(folder) / "lines.txt"
    path.write_text("\n".join(lines))
    sentencepiece.SentencePieceTrainer.train(
        input=str(path), model_prefix=str(path), vocab_size=PIECES, model_type="unigram",
        num_threads=1, minloglevel=2, **options)
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString((path.parent / "lines.txt.model").read_bytes())
    return model


def rules(table):
    """The entries of a character map: the bytes and what they become."""
    length = struct.unpack("<I", table[:4])[0]
    units = struct.unpack(f"<{length // 4}I", table[4:4 + length])
    texts = table[4 + length:]

    def offset(unit):
        return (unit >> 10) << ((unit & 0x200) >> 6)

    stack = [(0, b"")]
    while stack:
        node, key = stack.pop()
        base = node ^ offset(units[node])
        if node and units[node] >> 8 & 1:
            start = units[base] & 0x7FFFFFFF
            yield key, texts[start:texts.index(b"\0", start)]
        stack += [
            (base ^ byte, key + bytes([byte])) for byte in range(1, 256)
            if base ^ byte < len(units) and units[base ^ byte] & 0x800000FF == byte]


KEPT = [(0x00, 0x20), (0x7F, 0xBF), (0x1F0, 0x1F3), (0x340, 0x345), (0x1100, 0x1105), (0x1E9A, 0x1E9B),
        (0x2000, 0x206F), (0x2120, 0x2126), (0x2153, 0x2155), (0x3000, 0x3000), (0x3131, 0x3135),
        (0x320E, 0x3210), (0xFB00, 0xFB06), (0xFDFA, 0xFDFA), (0xFEFF, 0xFF5E), (0xFF66, 0xFF70),
        (0xFFFD, 0xFFFD), (0x1D400, 0x1D40F)]
FIRST = set("aeioEAO")


def is_kept(source):
    if len(source) > 1:
        return source[0] in FIRST or "\u1100" <= source[0] <= "\u1102" and source[1] <= "\u1164"
    return any(low <= ord(source) <= high for low, high in KEPT)


def character_rules(table):
    pairs = sorted((key.decode(), value.decode()) for key, value in rules(table))
    hexadecimal = lambda text: " ".join(f"{ord(character):X}" for character in text)
    return "".join(
        f"{hexadecimal(source)}\t{hexadecimal(target)}\n" for source, target in pairs if is_kept(source))


def unigram_cases(table):
    Metaspace, Joined = pre_tokenizers.Metaspace, decoders.Metaspace
    mapped = normalizers.Precompiled(table)
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    around = TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 1), ("</s>", 2)])
    after = TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 2)])
    cut = lambda scheme: pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), Metaspace("▁", scheme)])
    yield "xlm-roberta", mapped, cut("always"), around, Joined("▁", "always")
    yield "t5", normalizers.Sequence(
        [mapped, normalizers.Strip(left=False, right=True), normalizers.Replace(Regex(" {2,}"), "▁")]
    ), Metaspace("▁", "always"), after, Joined("▁", "always")
    yield "albert", normalizers.Sequence([
        normalizers.Replace("``", '"'), normalizers.Replace("''", '"'), normalizers.NFKD(),
        normalizers.StripAccents(), normalizers.Lowercase(), mapped, spaces,
    ]), cut("always"), around, Joined("▁", "always")
    yield "deberta-v3", normalizers.Sequence([normalizers.Strip(), mapped, spaces]), \
        Metaspace("▁", "always"), around, Joined("▁", "always")
    yield "deberta-v3 of Transformers 5", normalizers.Sequence([
        normalizers.Replace(Regex(r"\s{2,}|[\n\r\t]"), " "), normalizers.NFC(),
        normalizers.Strip(left=False, right=True),
    ]), pre_tokenizers.Sequence([pre_tokenizers.Punctuation("isolated"), Metaspace("▁", "first")]), \
        around, Joined("▁", "first")
    yield "bytes", mapped, Metaspace("▁", "first", split=False), around, decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    yield "nmt", normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")]
    ), Metaspace("▁", "never"), None, Joined("▁", "never")


def unigrams(model):
    pieces = [[piece.piece, round(piece.score, 5)] for piece in model.pieces]
    with_bytes = pieces + [[f"<0x{byte:02X}>", -20.0] for byte in range(256)]
    for name, normalizer, splitting, template, decoder in unigram_cases(
            model.normalizer_spec.precompiled_charsmap):
        vocabulary = with_bytes if name == "bytes" else pieces
        tokenizer = Tokenizer(models.Unigram(
            [tuple(piece) for piece in vocabulary], unk_id=0, byte_fallback=name == "bytes"))
        tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, splitting
        if template:
            tokenizer.post_processor = template
        tokenizer.decoder = decoder
        tokenizer.add_special_tokens(["<s>", "</s>"])
        yield name, tokenizer


CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
CASED = rf"[^\r\n\p{{L}}\p{{N}}]?{UPPER}*{LOWER}+%s|[^\r\n\p{{L}}\p{{N}}]?{UPPER}+{LOWER}*%s|"
SPACES = r"\s*[\r\n]+|\s+(?!\S)|\s+"
PUNCTUATION = r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]"""


def split_cases():
    """The splitting steps of byte-level encodings, as the published files have them."""
    def split(expression, behavior="isolated", invert=False):
        return pre_tokenizers.Split(Regex(expression), behavior, invert)

    letters = rf"{CONTRACTIONS}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|"
    other = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|" + SPACES
    slashes = r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + SPACES
    yield "qwen3", [split(letters + r"\p{N}" + other)]
    yield "cl100k and llama3", [split(letters + r"\p{N}{1,3}" + other, "removed", True)]
    yield "qwen3.5", [split(
        rf"{CONTRACTIONS}|[^\r\n\p{{L}}\p{{N}}]?[\p{{L}}\p{{M}}]+|\p{{N}}"
        rf"| ?[^\s\p{{L}}\p{{M}}\p{{N}}]+[\r\n]*|{SPACES}")]
    maybe = CONTRACTIONS + "?"
    yield "o200k", [split(CASED % (maybe, maybe) + r"\p{N}{1,3}" + slashes, "removed", True)]
    yield "tekken", [split(CASED % ("", "") + r"\p{N}" + slashes)]
    yield "deepseek-v3", [
        split(r"\p{N}{1,3}"), split("[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+"),
        split(PUNCTUATION + r"[A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|"
              + SPACES)]
    yield "bloom", [split(" ?[^(\\s|[.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c])]+")]
    yield "falcon", [
        pre_tokenizers.Punctuation("contiguous"), pre_tokenizers.ByteLevel(add_prefix_space=False),
        pre_tokenizers.Digits(individual_digits=False), split("[0-9][0-9][0-9]")]


def splits(strings):
    """What the published splitting steps make of random strings."""
    for name, steps in split_cases():
        steps = pre_tokenizers.Sequence(steps)
        whole = Tokenizer(models.BPE())
        whole.pre_tokenizer = steps
        yield dict(
            name=name, step=json.loads(whole.to_str())["pre_tokenizer"],
            digest=digest(piece.encode() for text in strings for piece, _ in steps.pre_tokenize_str(text)))


def digest(lists):
    """A checksum (CRC-32) of lists of numbers of 32 bits, with a mark after each list."""
    value = 0
    for numbers in lists:
        value = zlib.crc32(array.array("I", [*numbers, 0xFFFFFFFF]).tobytes(), value)
    return value


def record(tokenizer, strings, cells):
    def ids(texts):
        return [encoding.ids for encoding in tokenizer.encode_batch(texts)]

    encoded = ids(strings)
    pairs = tokenizer.encode_batch(list(zip(strings[:2000:2], strings[1:2000:2])))
    decoded = tokenizer.decode_batch(encoded[:BLOCK], skip_special_tokens=False)
    return dict(
        strings=[digest(encoded[start:start + BLOCK]) for start in range(0, len(encoded), BLOCK)],
        pairs=digest(numbers for pair in pairs for numbers in (pair.ids, pair.type_ids)),
        decoded=digest(text.encode() for text in decoded),
        files=[digest(ids(texts)) for texts in cells.values()])


def main():
    data = pathlib.Path(sys.argv[1])
    random = RandomStream(make_tokenizers.SEED, "unicode texts")
    strings = [make_tokenizers.text(random) for _ in range(20_000)]
    cells = {}
    for path in sorted(data.rglob("*.tsv")):
        lines = path.read_bytes().decode().split("\n")[:LINES]
        cells[str(path.relative_to(data))] = [cell for line in lines for cell in line.split("\t")]
    with tempfile.TemporaryDirectory() as folder:
        lines = list(corpus(data))
        whole = train(lines[:2000], folder).normalizer_spec.precompiled_charsmap
        if "--whole" in sys.argv:
            pathlib.Path(sys.argv[sys.argv.index("--whole") + 1]).write_bytes(whole)
        table = pathlib.Path(folder) / "rules.tsv"
        table.write_text(character_rules(whole))
        model = train(lines, folder, normalization_rule_tsv=str(table))
    FIXTURES.mkdir(exist_ok=True)
    charsmap = base64.b64encode(model.normalizer_spec.precompiled_charsmap).decode()
    cases = []
    def add(name, tokenizer, vocabulary):
        file = json.loads(tokenizer.to_str())
        # What many of them share is written once.
        file["model"]["vocab"] = vocabulary
        text = json.dumps(file).replace(json.dumps(charsmap), '"@charsmap"')
        cases.append(dict(name=name, file=json.loads(text), **record(tokenizer, strings, cells)))
        print(name, file=sys.stderr)

    for name, tokenizer in unigrams(model):
        add(name, tokenizer, "@bytes" if name == "bytes" else "@vocabulary")
    write("splits.json", list(splits(strings[:SPLIT_STRINGS])))
    write("charsmap.json", charsmap)
    write("unigram.json", [[piece.piece, round(piece.score, 5)] for piece in model.pieces])
    write("cases.json", dict(
        versions=f"tokenizers {tokenizers.__version__}, sentencepiece {sentencepiece.__version__}",
        files=list(cells), cases=cases))


def write(name, value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    (FIXTURES / name).write_text(text.replace('{"name"', '\n{"name"') + "\n")


if __name__ == "__main__":
    main()
