"""Full mode: fast mode's lattice, read again by the network, which chooses or writes anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore.lattice import LatticeDecoder
from restore.lattice._decoder import WINDOW, windows
from restore.lattice._lattice import FIRST_RELATION, KEEP, KEY
from restore.seq2seq._alone import correct, is_alone
from restore.seq2seq._batch import batches, doubtful, lay_out, used_texts
from restore.seq2seq._block import SPELLING, speaks_for_spinner
from restore.seq2seq._choice import LEAST_ALTERNATIVE, Choice, Heard, Reading, proposal
from restore.seq2seq._closing import close
from restore.seq2seq._cloze import written_words
from restore.seq2seq._damage import ask_once, mend, unexplained
from restore.seq2seq._encode import Reader, encode
from restore.seq2seq._evidence import Evidence
from restore.seq2seq._fillers import drop_fillers
from restore.seq2seq._key import Solver, Told
from restore.seq2seq._speak import Speech
from restore.seq2seq._steps import UNKNOWN_ROW
from restore.seq2seq._strange import is_spun, trust_speller
from restore.seq2seq._verdict import reword
from restore.seq2seq._wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from restore._decoder import Proposal
    from restore._document import Document
    from restore._edits import Edit
    from restore.lattice._lexicon import Lexicon
    from restore.lattice._weights import Weights
    from restore.seq2seq._batch import View
    from restore.seq2seq._block import Block
    from restore.seq2seq._network import Network
    from restore.seq2seq._steps import Slot

NEWS = 6.0  # places of a key that says something new: so many are worth another reading
ROUNDS = 3  # readings of a text whose key turns up on the way
JUDGED = np.log(0.85)  # the judge is surer than this to keep a word: it is not decoded
NEGLIGIBLE = np.log(LEAST_ALTERNATIVE)  # a reading less probable than this is not spoken of


Readings = dict[str, tuple[float, str]]  # probability and source of each text


class Read(NamedTuple):
    """Sentences as they were read.

    Attributes:
        block: the sentences.
        speeches: what the decoder says after its first pass.
        evidence: what has been said of the key: by `look` of these sentences, by `read` of all
            so far.
        key: what follows from that and from what was said before; the network was told most of it,
            but for what came last.
    """

    block: Block
    speeches: list[Speech]
    evidence: Evidence
    key: dict[str, str]


class Seq2SeqDecoder:
    """Decides about each word in context, and writes what no list holds; see `propose`.

    Args:
        lexicon: dictionary and language model.
        weights: fast mode's.
        network: the encoder-decoder.
    """

    name = "full"

    def __init__(self, lexicon: Lexicon, weights: Weights, network: Network) -> None:
        self.fast = LatticeDecoder(lexicon, weights)
        self.network = network
        self.reader = Reader.of(lexicon, weights)
        self.solver = Solver(lexicon, network)
        self.wording = Wording(lexicon, network)

    def knows(self, word: str) -> bool:
        """Tell whether a lower-case word is usual English: in the language model's vocabulary."""
        return self.fast.knows(word)

    def propose(self, document: Document) -> Proposal:
        """Return an edit wherever the best reading is not what stands there."""
        made = proposal(document.text, self.hear(document), self.name)
        return self.recased(document, made)

    def recased(self, document: Document, made: Proposal) -> Proposal:
        """Return what is proposed for a document, with better capitals if it is spun."""
        return self.fast.recased(document, made)

    def hear(self, document: Document) -> Iterator[Heard]:
        """Yield what the network says of a document's places, some sentences at a time."""
        reader = self.reader
        alone = correct(document, reader.divider, reader.lexicon) if is_alone(document) else ()
        if found := tuple(alone):
            yield Heard(found, (), 1)
            return
        past, key = Evidence(), dict[str, str]()
        whole = ask_once(document, reader.lexicon.model, self.fast.casing.table)
        for sentences in windows(document.sentences, WINDOW):
            block, speeches, past, told = self.read(document, sentences, past, key)
            choices: list[Choice] = []
            for speech in speeches:
                speech.finish()
            spun = self._conclude(block, speeches, told)
            for speech in speeches:
                choices += [
                    self._choice(document, block, speech.view, slot) for slot in speech.slots
                ]
            words = int(block.units.is_word.sum())
            mended = mend(document, sentences, whole, reader, spun=spun)
            mended = unexplained(mended, choices)
            fillers = drop_fillers(document, sentences, choices) if spun else ()
            ruled = [*self._ruled(document, block), *mended, *fillers]
            yield Heard(tuple(ruled), tuple(_outside(choices, ruled)), words)

    def _conclude(self, block: Block, speeches: list[Speech], key: Mapping[str, str]) -> bool:
        """Weigh again what has been said, by all of the sentences; are they spun?"""
        self.close(block, speeches)
        spun = is_spun(block, speeches)
        if spun:
            self.reword(block, speeches, key)
        else:
            trust_speller(block, speeches)
        return spun

    def reword(self, block: Block, speeches: list[Speech], key: Mapping[str, str]) -> None:
        """Weigh what is written, if the network has what that takes."""
        if self.network.wording is not None:
            reword(self.wording, self.network.wording, block, speeches, key)

    def close(self, block: Block, speeches: list[Speech]) -> None:
        """Run the closing round, if the network has one."""
        network = self.network
        if network.closing is not None:
            lexicon = self.fast.lexicon
            written = written_words(block, speeches, network.pieces, lexicon.model)
            close(block, speeches, network.closing, written, lexicon)

    def read(
        self,
        document: Document,
        sentences: list[tuple[int, int]],
        past: Evidence,
        key: dict[str, str],
    ) -> Read:
        """Read sentences, and again for as long as the document's key turns out to be news.

        Args:
            document: the text.
            sentences: first and end token of each.
            past: what was said of the sentences before; not changed.
            key: what is known of the key; extended.
        """
        said = Evidence()
        for left in reversed(range(ROUNDS)):
            block, speeches, said, found = self.look(document, sentences, Told(key, said, past))
            evidence = past + said
            new = {form: word for form, word in found.items() if key.get(form) != word}
            if not left or self.solver.news(evidence, new) < NEWS:
                break
            key |= found
        return Read(block, speeches, evidence, found)

    def look(self, document: Document, sentences: list[tuple[int, int]], told: Told) -> Read:
        """Read sentences once, and find out what follows of the document's key."""
        block = encode(document, sentences, self.reader, told.key, whole=False)
        speeches = list(self.begin(block))
        spun = is_spun(block, speeches)
        return Read(block, speeches, *self.solver.settle(block, speeches, told, spun=spun))

    def _ruled(self, document: Document, block: Block) -> Iterator[Edit]:
        """Yield the edits of positions that a rule decides whatever the context."""
        if block.lattice is not None and block.ruled.any():
            units = block.unit[block.ruled]
            only = np.isin(block.lattice.unit, units)
            yield from self.fast.edits(document, block.lattice, block.scores, only)

    def begin(self, block: Block) -> Iterator[Speech]:
        """Yield what the decoder's first pass says of doubtful positions, batch by batch."""
        found = doubtful(block)
        if not found:
            return
        used = used_texts(block, found)
        pieces = self.network.pieces.table([block.texts[text] for text in used.tolist()])
        shown = self.network.vectors(pieces)
        vectors = np.zeros((len(block.texts), shown.shape[1]), np.float32)
        vectors[used] = shown
        for group in batches(found):
            view = lay_out(block, group, vectors)
            encoded = self.network.encode(view.inputs)
            wanted = (encoded.judge[:, KEEP] < JUDGED) & ~block.ruled[view.positions]
            speech = Speech(self.network, view, encoded, wanted)
            speech.once()
            yield speech

    def _choice(self, document: Document, block: Block, view: View, slot: Slot) -> Choice:
        units, unit = block.units, block.unit_of(view, slot)
        first = int(units.token[unit])
        start, end = document.starts[first], document.end(first + int(units.length[unit]) - 1)
        readings = [
            Reading(text, *said) for text, said in self._readings(block, view, slot).items()
        ]
        readings.sort(key=lambda reading: -reading.share)
        return Choice(
            start, end, document.text[start:end], tuple(readings), slot.choice == KEEP,
            1 - float(np.exp(slot.rows[KEEP])), _explained(view, slot),
        )  # fmt: skip

    def _readings(self, block: Block, view: View, slot: Slot) -> Readings:
        """Return the probability of each text and its likeliest source; equal texts are one."""
        told = (slot.rows > NEGLIGIBLE) & view.inputs["row_mask"][slot.position]
        told[KEEP], told[UNKNOWN_ROW] = True, False
        rows = np.flatnonzero(told)
        row_text = view.inputs["row_text"][slot.position, rows].tolist()
        relation = view.inputs["relation"][slot.position, rows].tolist()
        parts: list[tuple[str, float, str]] = [
            (self._spelling(block.texts[text]), share, self._source(code))
            for text, share, code in zip(
                row_text, np.exp(slot.rows[rows]).tolist(), relation, strict=True
            )
        ]
        if slot.written is not None:
            word = self._spelling(self.network.pieces.text(slot.written))
            parts.append((word, float(np.exp(slot.log_written)), "written"))
        out: Readings = {}
        for word, share, source in sorted(parts, key=lambda part: -part[1]):
            total, first = out.get(word, (0.0, source))
            out[word] = (total + share, first)
        for piece, log in slot.others:
            word = self._spelling(self.network.pieces.text([piece]))
            out.setdefault(word, (float(np.exp(log)), "written"))
        return out

    def _spelling(self, text: str) -> str:
        return self.fast.lexicon.spelling(text)

    def _source(self, relation: int) -> str:
        if relation == KEEP:
            return "keep"
        if relation in {KEY, SPELLING}:
            return "key" if relation == KEY else "spelling"
        return self.fast.lexicon.relation_name(relation - FIRST_RELATION)


def _outside(choices: list[Choice], edits: list[Edit]) -> Iterator[Choice]:
    """Yield the choices that touch no edit."""
    taken = {at for edit in edits for at in range(edit.start, edit.end)}
    for choice in choices:
        if taken.isdisjoint(range(choice.start, choice.end)):
            yield choice


def _explained(view: View, slot: Slot) -> float:
    """Return the probability of the readings that speak for a spinner."""
    relation = view.inputs["relation"][slot.position]
    there = view.inputs["row_mask"][slot.position] & speaks_for_spinner(relation)
    return float(np.exp(slot.rows[there]).sum())
