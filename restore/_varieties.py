"""Keeps the variety of English that a text is written in: what is British stays, or comes back so.

Lists of synonyms hold both spellings of a word, and the news that models learn from is American
for the most part. Used by the policy, and by what tells it that a text is spun.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from restore._document import CAPITAL, WORD
from restore._sources import source_of
from restore._tokens import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from restore._document import Document
    from restore._edits import Edit

# Different British spellings in a text that is British, and for each American one: spinners put
# some of either kind into texts of the other.
FEWEST, FOR_EACH = 3, 1.5

_OUR = words(
    "arm behavi cand clam col demean endeav fav ferv flav harb hon hum lab misdemean neighb od parl"
    " ranc rig rum savi sav splend tum val vap vig dishon disfav discol"
)
_OUR_ENDS = ("", *words("s ed ing er ers able ably al ite ites ful fully less hood hoods ly"))
_DOUBLE_L = words(
    "cancel channel counsel dial equal fuel grovel gruel initial imperil jewel label level marshal"
    " marvel model panel pummel quarrel refuel revel rival shovel signal snorkel spiral swivel"
    " total travel tunnel unravel unrival"
)
_L_ENDS = words("ed ing er ers or ors")
_PAIRS = """centre center centres centers centred centered epicentre epicenter theatre theater
theatres theaters amphitheatre amphitheater kilometre kilometer kilometres kilometers centimetre
centimeter centimetres centimeters litre liter litres liters fibre fiber fibres fibers lacklustre
lackluster sombre somber spectre specter meagre meager manoeuvre maneuver manoeuvres maneuvers
defence defense defences defenses offence offense offences offenses pretence pretense catalogue
catalog catalogues catalogs grey gray programme program programmes programs plough plow ploughed
plowed ploughing plowing ploughs plows mould mold moulds molds mouldy moldy smouldering smoldering
aluminium aluminum jewellery jewelry moustache mustache pyjamas pajamas sceptic skeptic sceptics
skeptics sceptical skeptical scepticism skepticism skilful skillful skilfully skillfully fulfil
fulfill fulfils fulfills fulfilment fulfillment enrol enroll enrolment enrollment instalment
installment instalments installments wilful willful wilfully willfully paediatric pediatric
paediatrician pediatrician anaemia anemia leukaemia leukemia haemorrhage hemorrhage foetus fetus
foetal fetal diarrhoea diarrhea oestrogen estrogen orthopaedic orthopedic paedophile pedophile
paedophiles pedophiles encyclopaedia encyclopedia artefact artifact artefacts artifacts cosy cozy
councillor councilor councillors councilors"""
# American writes the second for both: what stands there says nothing, and is not turned back.
_ONE_WAY = """metre meter metres meters licence license licences licenses practise practice
practised practiced practising practicing cheque check cheques checks tyre tire tyres tires kerb
curb storey story storeys stories draught draft draughts drafts dialogue dialog analogue analog"""
_VERB = r"(?=(?:e|es|ed|er|ers|ing|ation|ations|ational|able)$)"
_ISE = re.compile(rf"(?<=\w\w\w[iy])s{_VERB}")
_IZE = re.compile(rf"(?<=\w\w\w[iy])z{_VERB}")


def in_variety(edits: list[Edit], document: Document, knows: Callable[[str], bool]) -> list[Edit]:
    """Return edits as a British text wants them; all as they are if the text is none.

    Args:
        edits: in order, not overlapping.
        document: what they are for.
        knows: tells whether a lower-case word is usual English.
    """
    british = list(_in_british(edits, knows))
    return british if british != edits and is_british(document, knows) else edits


def is_british(document: Document, knows: Callable[[str], bool]) -> bool:
    """Does a text have several words in British spelling, and clearly fewer in American?

    Names keep their spelling: only words in small letters count.
    """
    british = american = 0
    for word in _small_words(document):
        british += american_of(word, knows) != word
        american += british_of(word, knows) != word
    return british >= max(FEWEST, FOR_EACH * american)


def american_of(word: str, knows: Callable[[str], bool]) -> str:
    """Return what an American writes for a British word in small letters; other words as they are.

    >>> [american_of(word, {"organized"}.__contains__) for word in ("colours", "organised", "rise")]
    ['colors', 'organized', 'rise']
    """
    return _american().get(word) or _with_rule(word, _ISE, "z", knows)


def is_americanised(before: str, after: str) -> bool:
    """Does an edit but spell a British word as Americans do? Neither spelling is an error.

    >>> is_americanised("Colours", "Colors"), is_americanised("modernise", "modernize")
    (True, True)
    >>> is_americanised("colors", "colours"), is_americanised("rise", "grow")
    (False, False)
    """
    small = before.lower()
    return small != after.lower() == american_of(small, lambda _: True)


def british_of(word: str, knows: Callable[[str], bool]) -> str:
    """Return what a British text has for an American word in small letters."""
    return _british().get(word) or _with_rule(word, _IZE, "s", knows)


def _in_british(edits: Iterable[Edit], knows: Callable[[str], bool]) -> Iterator[Edit]:
    for edit in edits:
        if source_of(edit) == "user":
            yield edit
            continue
        if is_americanised(edit.before, edit.after):
            continue
        after = " ".join(british_of(word, knows) for word in edit.after.split(" "))
        if after == edit.after:
            yield edit
        elif after != edit.before:
            yield replace(edit, after=after)


def _small_words(document: Document) -> set[str]:
    kinds = zip(document.tokens, document.kinds, strict=True)
    return {token for token, kind in kinds if kind & (WORD | CAPITAL) == WORD}


def _with_rule(word: str, verb: re.Pattern[str], letter: str, knows: Callable[[str], bool]) -> str:
    found = verb.sub(letter, word)
    return found if found != word and knows(found) else word


@cache
def _american() -> dict[str, str]:
    pairs = _ONE_WAY.split()
    out = dict(zip(pairs[::2], pairs[1::2], strict=True))
    return out | {british: american for american, british in _british().items()}


@cache
def _british() -> dict[str, str]:
    pairs = _PAIRS.split()
    out = dict(zip(pairs[1::2], pairs[::2], strict=True))
    out |= {f"{stem}or{end}": f"{stem}our{end}" for stem in _OUR for end in _OUR_ENDS}
    return out | {f"{stem}{end}": f"{stem}l{end}" for stem in _DOUBLE_L for end in _L_ENDS}
