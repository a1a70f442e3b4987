"""Cleaning steps, duplicates, decontamination: what they drop, and what they must leave alone."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora import STEPS, Cleaner, CorpusError, Decontamination, Record
from corpora._duplicates import ExactDuplicates, NearDuplicates
from corpora._text_steps import (
    _INVISIBLE,
    TEXT_STEPS,
    boilerplate,
    english,
    spun,
    stray_spaces,
    white_space,
)

VOCABULARY = """
    the a council river harbour vote said that for of and in plan new road bridge town year
    people mayor budget winter school storm ferry water report after before its their were
"""
WORDS = VOCABULARY.split()


def prose(words, seed):
    """Made-up words in a row: enough for steps that count words."""
    rng = random.Random(seed)
    return " ".join(rng.choice(WORDS) for _ in range(words))


def record(text, source=None):
    return Record("1", "1", source, text)


JOINED = {
    "Last y ear was dry.": "Last year was dry.",
    "They s aid so.": "They said so.",
    "W ashington waits.": "Washington waits.",
    "In Septembe r, rain.": "In September, rain.",
}
LEFT = [
    "The Plan B was a vitamin C drink.",
    "In the 1990 s and later.",
    "It cost 5 m in all.",
    "R&D and J&J and Murphy's.",
    "A road and I and O negative.",
    "Model Y vehicles of Generation Z voters.",
    "the next x years of subject B when",
    "“y ears” is a quotation he don't s'pose",
]


@pytest.mark.parametrize("text", JOINED)
def test_stray_spaces_are_mended(text):
    assert stray_spaces(text) == JOINED[text]


@pytest.mark.parametrize("text", LEFT)
def test_letters_that_stand_alone_for_a_reason_stay(text):
    assert stray_spaces(text) == text


@pytest.mark.parametrize(
    "line",
    [
        "###",
        "* * *",
        "FOR IMMEDIATE RELEASE",
        "Contact: Jo Doe, 555 0100",
        "Read the full letter here.",
        "Sign up for our newsletter.",
        "press@example.org",
        "The post A Bridge Too Few appeared first on The Example.",
    ],
)
def test_boilerplate_goes(line):
    assert boilerplate(f"The dam held.\n{line}\nIt rained.") == "The dam held.\nIt rained."
    assert boilerplate(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "The contact lens was found.",
        "He read the letter aloud to a crowd that had waited here since noon, and then he left.",
        "Follow-up talks are set for May.",
        "Photographs of the bridge were shown.",
        '"Read my lips," she said.',
    ],
)
def test_prose_that_looks_like_boilerplate_stays(line):
    assert boilerplate(line) == line


def test_other_languages_go_by_paragraph():
    spanish = "El alcalde dijo que la reunión de los vecinos se hizo en la plaza con una banda."
    assert english(f"The mayor spoke to the crowd.\n{spanish}") == "The mayor spoke to the crowd."
    assert english(spanish) is None


def test_names_and_short_lines_are_not_taken_for_other_languages():
    text = "Juan de la Cruz of Los Angeles met Maria del Mar in El Paso and they spoke of the vote."
    assert english(text) == text
    assert english("Ça va?") == "Ça va?"


def test_lists_without_prose_go():
    assert english(" ".join(f"Entry{chr(97 + i)}" for i in range(26))) is None


def test_spun_texts_go_and_single_rare_words_stay():
    honest = "The whitethorn was in bloom, and copper prices fell; " + prose(60, 1)
    assert spun(honest) == honest
    garbled = prose(60, 2) + " astir whitethorn betwixt glucinium"
    assert spun(garbled) is None


def test_texts_of_rare_words_throughout_are_spun():
    rare = "successful adjacent astatine newsman conflict extracurricular summation vessel"
    assert spun(" ".join([rare] * 6)) is None
    # Too short for a mean to tell anything.
    assert spun("successful adjacent newsman conflict extracurricular") is not None


@pytest.mark.parametrize("dialect", ["A", "C"])
def test_most_garbled_articles_are_known_for_spun_and_no_honest_one(dialect):
    from corpora import read
    from corpora.garbler import Garbler

    articles = [record.reference for record in read("samples", limit=20)]
    garbler = Garbler(dialect, seed=1)
    garbled = [garbler.garble(text, str(number)).text for number, text in enumerate(articles)]
    assert [text for text in articles if spun(text) is None] == []
    assert sum(spun(text) is None for text in garbled) > 0.6 * len(articles)


@pytest.mark.parametrize("quotes", ["'It's' \"so\"", "‘It’s’ “so”", '«It’s» "so”'])
def test_quotation_marks_stay_as_they_are(quotes):
    text = f"The mayor said {quotes} to the people of the town before the vote."
    assert Cleaner().clean(record(text)).reference == text


@given(st.text())
def test_white_space_is_settled_in_one_go(text):
    once = white_space(text)
    assert white_space(once) == once
    assert "".join(once.split()) == "".join(_INVISIBLE.sub("", text).split())


@given(st.text())
@pytest.mark.parametrize("name", TEXT_STEPS)
def test_steps_take_any_text_and_add_nothing_to_it(name, text):
    rest = iter("".join(text.split()))
    after = TEXT_STEPS[name](text)
    assert after is None or all(char in rest for char in "".join(after.split()))


def test_exact_duplicates():
    step = ExactDuplicates()
    assert [step(text) for text in ("A vote.", "a  vote", "A boat.", "A vote.")] == [
        "A vote.",
        None,
        "A boat.",
        None,
    ]


def test_near_duplicates_by_similarity():
    found = {}
    for altered in (2, 60):
        step, dropped = NearDuplicates(), 0
        for seed in range(25):
            words = [f"{word}{seed}" for word in prose(200, seed).split()]
            assert step(" ".join(words)) is not None
            # Words altered in one place change that many shingles and four more.
            words[50 : 50 + altered] = [f"new{n}" for n in range(altered)]
            dropped += step(" ".join(words)) is None
        found[altered] = dropped
    # Jaccard similarities of about 0.94 and 0.5.
    assert found[2] >= 23
    assert found[60] <= 4


def test_what_was_seen_can_be_handed_on():
    first, second = Cleaner(), Cleaner()
    text = prose(80, 3)
    assert first.clean(record(text)) is not None
    second.absorb(first.drain())
    assert second.clean(record(text)) is None
    assert not any(first.drain().values())


def test_counts_tell_what_each_step_did():
    cleaner = Cleaner()
    text = f"{prose(40, 4)}\n###\n{prose(40, 5)}"
    for sample in (text, text, "Too short."):
        cleaner.clean(record(sample))
    counts = cleaner.counts_as_data()
    assert counts["boilerplate"] == {"changed": 2, "dropped": 0, "words": 2}
    assert counts["exact_duplicates"] == {"changed": 0, "dropped": 1, "words": 80}
    assert counts["short"] == {"changed": 0, "dropped": 1, "words": 2}


def test_pairs_are_dropped_or_kept_but_never_changed():
    cleaner = Cleaner()
    pair = record(f"{prose(40, 6)}\n###", source="x")
    assert cleaner.clean(pair) == pair
    assert cleaner.clean(pair) is None


@pytest.mark.parametrize("side", ["reference", "source"])
def test_a_pair_of_which_one_side_holds_a_test_text_is_dropped(side):
    exam = prose(20, 21)
    tainted, own = f"{prose(100, 22)}\n{exam}", prose(100, 23)
    pair = record(tainted, own) if side == "reference" else record(own, tainted)
    step = overlap(exam)
    cleaner = Cleaner(["decontaminate"], step)
    assert cleaner.clean(pair) is None
    lost = len(pair.reference.split())
    assert cleaner.counts_as_data()["decontaminate"] == {"changed": 0, "dropped": 1, "words": lost}
    assert step.hits == {"exam": 1}
    kept = record(own, prose(100, 24))
    assert cleaner.clean(kept) == kept


def test_steps_run_in_their_own_order():
    assert list(Cleaner(["short", "white_space"]).steps) == ["white_space", "short"]
    with pytest.raises(CorpusError, match="no cleaning step is called 'tidy'"):
        Cleaner(["tidy"])
    assert set(STEPS) >= set(TEXT_STEPS)


def overlap(*texts):
    step = Decontamination()
    step.add("exam", [record(text) for text in texts])
    return step


def test_paragraphs_that_overlap_with_a_test_set_go():
    exam = prose(60, 7)
    run = " ".join(exam.split()[20:33])
    step = overlap(exam)
    own = prose(200, 8)
    assert step(f"{own}\nThen {run.upper()} again") == own
    assert step(own) == own
    assert step.hits == {"exam": 1}


def test_a_text_that_is_mostly_a_test_text_goes_whole():
    exam = prose(60, 9)
    assert overlap(exam)(f"Well then\n{exam}") is None


def test_twelve_words_are_not_thirteen():
    exam = prose(60, 10)
    near = " ".join(exam.split()[20:32])
    assert overlap(exam)(near) == near


def test_short_test_texts_are_found_by_eight_words_and_shorter_are_told():
    step = overlap(" ".join(WORDS[:9]), "teh", " ".join(WORDS[:7]))
    assert step("Now " + " ".join(WORDS[:8])) is None
    assert step.covered["exam"] == 1
    assert step.too_short["exam"] == 2


def test_the_garbled_side_of_a_test_set_counts_too():
    step = Decontamination()
    garbled = prose(30, 11)
    step.add("exam", [record(prose(30, 12), source=garbled)])
    assert step(garbled) is None
