"""CLIP's byte pairs with a small vocabulary of its own: the merges that make each known word one token.

The published algorithm (Sennrich et al. 2016, as in CLIP): the bytes of a word are its first symbols, the last of them
marked; of all neighbours that the vocabulary merges, those of the earliest merge are joined, until none is left. Texts
here are ASCII; the product's tokenizer reads the same files and takes any text."""
import json
import re
from collections import Counter

START, END = "<|startoftext|>", "<|endoftext|>"
_WORD_END = "</w>"
_WORD = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[a-z]+|[0-9]|[^\sa-z0-9]+")


def _byte_symbols():
    """The visible character of each byte, in the order of ids: printable bytes are themselves, the others U+0100 and
    up."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [b for b in range(256) if b not in printable]
    return [chr(b) for b in printable] + [chr(0x100 + i) for i in range(len(hidden))]


def _joined(symbols, pair):
    joined, i = [], 0
    while i < len(symbols):
        here = i + 1 < len(symbols) and (symbols[i], symbols[i + 1]) == pair
        joined.append("".join(pair) if here else symbols[i])
        i += 2 if here else 1
    return tuple(joined)


def learn_merges(words):
    """The most frequent pair of neighbours in `words` is merged next, ties to the first by spelling, until each word is
    one symbol. Words are lower case ASCII."""
    spelled = [(*word[:-1], word[-1] + _WORD_END) for word in words]
    merges = []
    while counts := Counter(pair for symbols in spelled for pair in zip(symbols, symbols[1:])):
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        spelled = [_joined(symbols, best) for symbols in spelled]
    return merges


class Tokenizer:
    """ids: bytes, bytes that end a word, merges, start, end, as in CLIP."""

    def __init__(self, merges, context):
        symbols = _byte_symbols()
        symbols = [*symbols, *(s + _WORD_END for s in symbols), *("".join(pair) for pair in merges), START, END]
        self.merges, self.context = [tuple(pair) for pair in merges], context
        self.ids = {symbol: i for i, symbol in enumerate(symbols)}
        self.start, self.end = self.ids[START], self.ids[END]
        self._rank = {pair: i for i, pair in enumerate(self.merges)}
        self._words = {}

    def __len__(self):
        return len(self.ids)

    def _word(self, word):
        if word not in self._words:
            symbols = (*word[:-1], word[-1] + _WORD_END)
            while ranked := [self._rank[p] for p in zip(symbols, symbols[1:]) if p in self._rank]:
                symbols = _joined(symbols, self.merges[min(ranked)])
            self._words[word] = [self.ids[s] for s in symbols]
        return self._words[word]

    def encode(self, text):
        """Ids of an ASCII text with the start and end token; what does not fit the context is cut before the end
        token."""
        if not text.isascii():
            raise ValueError(f"'{text}' is not ASCII")
        ids = [self.start] + [i for word in _WORD.findall(text.lower()) for i in self._word(word)]
        return ids[: self.context - 1] + [self.end]

    def write(self, folder):
        """vocab.json and merges.txt, as Hugging Face's CLIP has them."""
        (folder / "vocab.json").write_text(json.dumps(self.ids, ensure_ascii=False), encoding="utf-8")
        lines = ["#version: 0.2", *(" ".join(pair) for pair in self.merges)]
        (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
