"""Cleaning steps that look at one text alone: each takes a text and returns it, cleaned, or None.

None of them touches quotation marks: straight and curly quotes stay as the corpus has them, since a
restorer must keep what it was given.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from corpora._errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Callable

# Control characters other than tab and line feed; soft hyphens, zero-width marks, byte-order marks.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{WORD JOINER}"
    r"\N{ZERO WIDTH NO-BREAK SPACE}]"
)
_BLANKS = re.compile(r"[ \t\N{NO-BREAK SPACE}]+")


def white_space(text: str) -> str:
    r"""Drop invisible characters, end lines by line feeds, join runs of blanks and empty lines.

    >>> white_space("One\u200b  line \r\n\n\n and two")
    'One line\nand two'
    """
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


# A letter that is no word, alone before or after a fragment. Numbers before it ("5 m in") and
# joined marks ("R&D", "don't") are left alone.
_LETTER_FIRST = re.compile(r"(?<!\S)(?<!\d )([b-hj-np-zB-HJ-NP-Z]) ([a-z]{2,})\b(?!['\u2019-])")
_LETTER_LAST = re.compile(r"(?<!\S)([A-Za-z][a-z]{2,}) ([b-hj-np-z])(?=[ .,;:!?]|$)")

# Frequencies on the Zipf scale (log10 of occurrences in 10^9 words).
_KNOWN = 3.3  # a joined word must be at least that frequent
_UNKNOWN = 2.2  # a fragment below this is no word
_COMMON = 5.3  # a fragment above this stands for itself ("s and" is not "sand")
_GAIN = 0.3  # two real words are joined only if the joined one is that much more frequent


def stray_spaces(text: str) -> str:
    """Join words that a stray space has split off one letter ("y ear"), where that is certain.

    >>> stray_spaces("Last y ear the Plan B was a vitamin C drink.")
    'Last year the Plan B was a vitamin C drink.'
    """
    text = _LETTER_FIRST.sub(_join_first, text)
    return _LETTER_LAST.sub(_join_last, text)


def _join_first(match: re.Match[str]) -> str:
    letter, fragment = match.groups()
    joined, alone = _zipf(letter + fragment), _zipf(fragment)
    real_word = letter.islower() and alone < _COMMON and joined > alone + _GAIN
    if joined >= _KNOWN and (alone < _UNKNOWN or real_word):
        return letter + fragment
    return match.group()


def _join_last(match: re.Match[str]) -> str:
    fragment, letter = match.groups()
    if _zipf(fragment + letter) >= _KNOWN and _zipf(fragment) < _UNKNOWN:
        return fragment + letter
    return match.group()


@lru_cache(maxsize=200_000)
def _zipf(word: str) -> float:
    try:
        from wordfreq import zipf_frequency
    except ImportError as error:
        message = 'stray_spaces and spun need word frequencies: pip install "degarble[corpora]"'
        raise CorpusError(message) from error
    return float(zipf_frequency(word, "en"))


# Whole paragraphs that are no prose, by their beginning or their whole form.
_BOILERPLATE_FORMS = (
    r"\W*",  # "###", "* * *", "-----"
    r"(?:for )?immediate release\b.{0,60}",
    r"(?:media|press)? ?contacts?(?: information)?:.{0,160}",
    r"contact: .{0,160}",
    r"(?:read|see|click|tap|view|watch|listen)\b.{0,40}\b(?:here|below|now|more)\b.{0,40}",
    r"(?:click|tap) (?:here|the|to)\b.{0,120}",
    r"(?:read more|related|see also|advertisement|story continues).{0,80}",
    r"(?:sign up|subscribe|follow (?:us|me|him|her|the)|like us|download the)\b.{0,160}",
    r"(?:for more|for further|additional) information\b.{0,160}",
    r"(?:the )?(?:full )?text of the .{0,80}\b(?:here|below)\.?",
    r"the post .{0,160} appeared first on .{0,60}",
    r"(?:copyright|\N{COPYRIGHT SIGN}).{0,160}",
    r"this (?:post|article|story) was (?:originally|first) published .{0,120}",
    r"(?:photo|image|picture|video)(?: credits?| courtesy)?(?: of)?:.{0,120}",
    r"(?:\S+@\S+|https?://\S+|www\.\S+)",
    r"\(?\d{3}\)?[- .]\d{3}[- .]\d{4}.{0,40}",
)
_BOILERPLATE = re.compile("|".join(_BOILERPLATE_FORMS), re.IGNORECASE)


def boilerplate(text: str) -> str | None:
    r"""Drop paragraphs that are no prose: contact lines, "read more here", rules, addresses.

    >>> boilerplate("The dam held.\n###\nFor more information, visit our pages.")
    'The dam held.'
    """
    kept = [line for line in text.split("\n") if not _BOILERPLATE.fullmatch(line.strip())]
    return "\n".join(kept) or None


_WORD = re.compile(r"[^\W\d_]+")
# Function words, of which English prose is about 40 %, and those of languages found beside it.
_FUNCTION_WORDS = {
    "English": """
        the of and to in is that for it with as was on be at by this have from or are an they which
        you were her all she there would their we him been has when who will more no if out so said
        what up its about into than them can only other new some could these two may then do first
        any my now such like our over me even most made after also did many before must through a i
        he his not but had one
    """,
    "other": """
        el la los las de del que y en un una por con para su se al lo como le les des et est dans
        pour qui sur pas une du au aux ce cette der die das und ist nicht ein eine mit von den dem
        il di che e gli della per non si os da em com uma ao
    """,
}
_ENGLISH, _FOREIGN = (frozenset(words.split()) for words in _FUNCTION_WORDS.values())
_PARAGRAPH_WORDS = 12  # fewer tell nothing about a paragraph's language
_TEXT_WORDS = 25  # fewer tell nothing about a text's
_ENGLISH_SHARE = 0.15  # English prose is far above, lists and other languages below


def english(text: str) -> str | None:
    """Drop paragraphs in other languages, and texts with next to no English function words.

    >>> english("La reunion de los vecinos se hizo en la plaza con el alcalde y su perro.") is None
    True
    """
    kept = [line for line in text.split("\n") if not _foreign(line)]
    words = [word.lower() for word in _WORD.findall(" ".join(kept))]
    known = sum(word in _ENGLISH for word in words)
    if len(words) >= _TEXT_WORDS and known < _ENGLISH_SHARE * len(words):
        return None
    return "\n".join(kept) or None


def _foreign(paragraph: str) -> bool:
    words = [word.lower() for word in _WORD.findall(paragraph)]
    if len(words) < _PARAGRAPH_WORDS:
        return False
    return sum(word in _FOREIGN for word in words) > sum(word in _ENGLISH for word in words)


_MIN_WORDS = 8


def short(text: str) -> str | None:
    """Drop texts of fewer than 8 words: headlines and remains.

    >>> short("Too short.") is None
    True
    """
    return text if len(text.split()) >= _MIN_WORDS else None


# Two signs of a spinner; either drops a text. Of 15,600 honest news texts they drop 11 (recipes,
# catalogues of parts), of texts garbled in the dialects A, C and E 87, 88 and 18 %.
_SPUN_FORMS = 2  # distinct spinner-only forms that a text must hold...
_SPUN_SHARE = 0.002  # ...and their share of its words
_SPUN_ZIPF = 4.85  # mean frequency of its lower-case words; honest prose is near 5.5, spun near 4.8
_SPUN_WORDS = 40  # lower-case words below which a mean frequency tells nothing
_LOWER_WORD = re.compile(r"(?<![\w'\N{RIGHT SINGLE QUOTATION MARK}-])[a-z]{3,}(?![\w-])")


def spun(text: str) -> str | None:
    """Drop texts that a spinner has written: odd forms, or words that are rare throughout.

    >>> spun("He was astir betwixt immoderate grammatical case whitethorn glucinium.") is None
    True
    """
    words = _LOWER_WORD.findall(text)
    hits = [word for word in words if word in _spinner_forms()]
    if len(set(hits)) >= _SPUN_FORMS and len(hits) >= _SPUN_SHARE * len(words):
        return None
    if len(words) >= _SPUN_WORDS and sum(map(_zipf, words)) < _SPUN_ZIPF * len(words):
        return None
    return text


@lru_cache(maxsize=1)
def _spinner_forms() -> frozenset[str]:
    table = resources.files("corpora").joinpath("spinner_forms.tsv").read_text(encoding="utf-8")
    rows = (line for line in table.splitlines() if line and not line.startswith("#"))
    return frozenset(row.split("\t")[0] for row in rows)


TEXT_STEPS: dict[str, Callable[[str], str | None]] = {
    "white_space": white_space,
    "stray_spaces": stray_spaces,
    "boilerplate": boilerplate,
    "english": english,
    "spun": spun,
    "short": short,
}
