"""Stray spaces, words run together, scattered capitals, misprints: what full mode mends by rule."""

from __future__ import annotations

from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restore import Edit, Restorer, apply_edits
from restore._document import Document
from restore.dictionary import Dictionary
from restore.lattice import Lexicon, NgramModel
from restore.lattice._casing import Casing
from restore.lattice._truecase import capital_odds
from restore.seq2seq._alone import correct, is_alone
from restore.seq2seq._breaks import mend_breaks
from restore.seq2seq._choice import Choice, Heard, Reading, proposal
from restore.seq2seq._compounds import mend_compounds
from restore.seq2seq._damage import unexplained
from restore.seq2seq._marks import are_many, mend_marks
from restore.seq2seq._shouting import quiet
from restore.seq2seq._spaces import mend_spaces
from restore.seq2seq._spelling import Speller
from restore.seq2seq._strays import drop_strays
from restore.seq2seq._typing import cost


@lru_cache(maxsize=1)
def speller():
    return Speller(NgramModel.load())


@lru_cache(maxsize=1)
def lexicon():
    return Lexicon(Dictionary.load(), speller().model)


def mended(text):
    document = Document.parse(text)
    return apply_edits(text, list(mend_spaces(document, document.sentences, speller())))


def quietened(text):
    document = Document.parse(text)
    odds = capital_odds(document, Casing.load().table)
    return apply_edits(text, list(quiet(document, document.sentences, odds, speller().model)))


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        ("The nationa l budget was late.", "The national budget was late."),
        ("Workers went on str ike today.", "Workers went on strike today."),
        ("It cam e after a long debate.", "It came after a long debate."),
        ("They met in Octobe r in the capital.", "They met in October in the capital."),
        ("It was announced yesterdayby the mayor.", "It was announced yesterday by the mayor."),
        ("We believe thatwe have to act.", "We believe that we have to act."),
        ("Whilethese plans are late, others are not.", None),
    ],
)
def test_stray_and_lost_spaces_are_mended(damaged, whole):
    assert mended(damaged) == (whole or damaged.replace("Whilethese", "While these"))


@pytest.mark.parametrize(
    "text",
    [
        "The letter s and an x ray of the t shirt.",
        "It may be some time before any one of them goes in to town.",
        "Vitamin C and plan B were on the table, a lot of it.",
        "The under developed and the over due.",
        "Il y a un homme, e una donna, y a otra cosa.",
        "They said it s true, and that he ll come.",
        "He bought a pocketknife and made a downpayment.",
    ],
)
def test_honest_spaces_stay(text):
    document = Document.parse(text)
    edits = list(mend_spaces(document, document.sentences, speller()))
    # What may be a compound is proposed with so little confidence that honest text refuses it.
    assert [edit for edit in edits if edit.confidence >= 0.4] == []


@given(st.text(alphabet="abeinorst ,.'\n", max_size=60))
@settings(max_examples=60, deadline=None)
def test_spaces_are_all_that_changes(text):
    assert "".join(mended(text).split()) == "".join(text.split())


def test_scattered_capitals_become_small():
    text = "The mayor SAID that THE budget WAS late AND the council had AGREED to it."
    assert quietened(text) == (
        "The mayor said that the budget was late and the council had agreed to it."
    )


def test_names_keep_a_capital_and_sentences_begin_with_one():
    text = (
        "THE mayor of NEW YORK had said THAT he met President LINCOLN and found him WELL there. "
        "IT WAS late. But THEY went to the park together WITH friends of the CANADIAN Congress."
    )
    assert quietened(text) == (
        "The mayor of New York had said that he met President Lincoln and found him well there. "
        "IT WAS late. But they went to the park together with friends of the Canadian Congress."
    )


SCATTERED = "They said THAT it WAS late AND that the clerk had left the house."


@pytest.mark.parametrize(
    "text",
    [
        f"THE FACTS: {SCATTERED}",  # two words and more head a paragraph
        f"BRUSSELS — {SCATTERED}",  # and one is where a story comes from
        f"{SCATTERED} Then the FBI, the WHO and NATO met the US team of KLM.",
    ],
)
def test_headings_places_and_abbreviations_stay_in_a_shouting_text(text):
    small = SCATTERED.replace("THAT", "that").replace("WAS", "was").replace("AND", "and")
    assert quietened(text) == text.replace(SCATTERED, small)


@pytest.mark.parametrize(
    "text",
    [
        "The FBI and the CIA met NATO officials, WHO experts and the US team.",
        "You MUST NOT do this, and it is NEVER too late.",
        "THE MAYOR AND THE COUNCIL HAVE AGREED TO IT.",
        "THE BUDGET AND ITS CRITICS\nThe mayor said that the budget was late.",
        "It was THE event of the year.",
    ],
)
def test_abbreviations_headlines_and_emphasis_stay(text):
    assert quietened(text) == text


@pytest.mark.parametrize(
    ("printed", "meant"),
    [("fomething", "something"), ("tbe", "the"), ("governrnent", "government"), ("clay", None)],
)
def test_shapes_read_wrong_are_read_right(printed, meant):
    found = [text for text, _ in speller().candidates(printed)]
    assert printed not in found
    assert meant is None or found[0] == meant


def test_a_shape_is_likelier_read_wrong_than_a_letter_typed_wrong():
    weights = dict(speller().candidates("fimple"))
    assert weights["simple"] == max(weights.values())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("recieve", "receive"), ("adress", "address"), ("comittee", "committee"),
        ("definately", "definitely"), ("seperate", "separate"), ("goverment", "government"),
        ("tommorow", "tomorrow"), ("freind", "friend"), ("becuase", "because"),
    ],
)  # fmt: skip
def test_a_misspelt_word_by_itself_is_corrected(typed, meant):
    assert corrected(typed) == meant


@pytest.mark.parametrize(
    "word",
    ["receive", "marzipan", "astatine", "nan", "the", "xkcdqz", "Recieve", "recieve@example.org",
     "two recieve", "schadenfreude", "kubectl"],
)  # fmt: skip
def test_other_words_by_themselves_stay(word):
    assert corrected(word) == word


def corrected(text):
    document = Document.parse(text)
    if not is_alone(document):
        return text
    edits = list(correct(document, speller(), lexicon()))
    return apply_edits(text, [edit for edit in edits if edit.confidence >= 0.4])


@given(st.text(alphabet="abcdeéx -'", min_size=1, max_size=16))
@settings(max_examples=100, deadline=None)
def test_corrections_of_single_words_are_edits_of_the_text(text):
    document = Document.parse(text)
    if is_alone(document):
        for edit in correct(document, speller(), lexicon()):
            assert text[edit.start : edit.end] == edit.before
            assert 0 <= edit.confidence <= 1
            assert edit.after != edit.before


@pytest.mark.parametrize(
    ("wrong", "right", "other", "edits"),
    [
        ("comit", "commit", "cosmit", (1, 1)),  # a letter left single, against one left out
        ("recieve", "receive", "recover", (1, 3)),
        ("teh", "the", "tech", (1, 1)),
        ("seperate", "separate", "sewerate", (1, 1)),  # a vowel for a vowel
        ("nife", "nine", "wife", (1, 1)),  # the first letter is right
    ],
)
def test_what_many_mistype_is_likelier(wrong, right, other, edits):
    assert cost(wrong, right, edits[0]) < cost(wrong, other, edits[1])


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        ("It was late ,and he said so , twice .", "It was late ,and he said so, twice."),
        ("They met,, and it agreed.. Then it left.", "They met, and it agreed. Then it left."),
        ("They went home.. \"Why?\"", "They went home. \"Why?\""),
    ],
)  # fmt: skip
def test_marks_that_went_astray_are_mended(damaged, whole):
    assert remarked(f"{FINE} {damaged}") == f"{FINE} {whole}"


FINE = "First, they met; then, after lunch, they left. It rained, it snowed, and it cleared up."


@pytest.mark.parametrize(
    "text",
    [
        "And then... nothing. Wait.... What?",
        "And then . . . nothing.",
        "See ../notes or C:: or a ,b and 3 , 4.",
        "This text , as you see , is set apart . So be it .",
        "One , two.",
        "",
    ],
)
def test_ellipses_paths_and_texts_set_apart_stay(text):
    assert remarked(text) == text


def test_many_marks_that_went_astray_are_certain():
    two = f"{FINE} They met,, and then . It rained."
    three = f"{FINE} It was late .. He said;;; so , and left,,, he said."
    assert (are_many(two), are_many(three)) == (False, True)
    restored = Restorer.load().restore(three)
    assert restored.text == f"{FINE} It was late .. He said; so, and left, he said."
    assert {edit.source for edit in restored.edits} == {"full:marks"}


def remarked(text):
    return apply_edits(text, list(mend_marks(Document.parse(text), 0, len(text))))


@given(st.text(alphabet="ab ,.;:\n", max_size=40))
@settings(max_examples=100, deadline=None)
def test_mending_marks_takes_away_nothing_but_spaces_and_marks(text):
    assert [c for c in remarked(text) if c.isalpha()] == [c for c in text if c.isalpha()]


@pytest.mark.parametrize(
    ("joined", "divided"),
    [
        ("She read ofthe storm.", "She read of the storm."),
        ("Iwas there.", "I was there."),
        ("He met theUnitedNations envoy.", "He met the United Nations envoy."),
        ("They saw MarcusBerg.", "They saw Marcus Berg."),
    ],
)
def test_doubtful_divisions_are_for_misspelt_texts_only(joined, divided):
    document = Document.parse(joined)
    edits = list(mend_spaces(document, document.sentences, speller()))
    assert apply_edits(joined, edits) == divided
    assert all(edit.confidence < 0.4 for edit in edits)


@pytest.mark.parametrize(
    "word", ["YouTube", "McKinley", "FedEx", "PayPal", "JetBlue", "MasterCard", "PowerPoint"]
)
def test_capitals_inside_names_divide_nothing(word):
    assert mended(f"He saw {word} there.") == f"He saw {word} there."


def test_a_division_beside_a_capital_is_made_in_misspelt_texts():
    damaged = (
        "The goverment of the town was there when MarcusBerg met theUnitedNations envoy, and "
        "they recieved him with his freinds in the morning."
    )
    assert "Marcus Berg met the United Nations envoy" in Restorer.load().restore(damaged).text


def test_names_are_not_divided_where_they_are_to_be_left_whole():
    text = "Westlake staff met MarcusBerg and saw itwas gone."
    document = Document.parse(text)
    for names in (True, False):
        edits = list(mend_spaces(document, document.sentences, speller(), names=names))
        assert ("Marcus Berg" in [edit.after for edit in edits]) is names
        assert "it was" in [edit.after for edit in edits]


def test_words_of_the_dictionary_are_not_divided():
    text = "He sold the motorboat and saw itwas gone."
    document = Document.parse(text)
    for whole, gone in (((), True), ({"motorboat"}, False)):
        edits = list(mend_spaces(document, document.sentences, speller(), whole))
        assert ("motor boat" in [edit.after for edit in edits]) is gone
        assert "it was" in [edit.after for edit in edits]
    assert "motor boat" not in Restorer.load().restore(f"Teh bote wsa old. {text}").text


def joined(text):
    document = Document.parse(text)
    return apply_edits(text, list(mend_breaks(document, 0, len(text), speller())))


@pytest.mark.parametrize(
    ("divided", "whole"),
    [
        ("They took him to the hos- pital at noon.", "They took him to the hospital at noon."),
        ("A state. ment of the govern- ment.", "A statement of the government."),
        ("Cap- tain of the ship.", "Captain of the ship."),
        ("He was twenty- five.", "He was twenty-five."),
        ("The proseou- tion was late.", "The prosecution was late."),
    ],
)
def test_what_a_line_end_divided_is_joined(divided, whole):
    assert joined(divided) == whole


@pytest.mark.parametrize(
    "text",
    [
        "The pre- and post-war years, and short- to long-term plans.",
        "It ended. the rest is known.",
        "He left- the door was open.",
        "Born in 1990- died in 2001, at 5 p.m. the same day.",
        "",
    ],
)
def test_elided_words_and_dashes_stay(text):
    assert joined(text) == text


def test_only_a_usual_whole_is_certain():
    text = "A hos- pital and twenty- five beds."
    edits = list(mend_breaks(Document.parse(text), 0, len(text), speller()))
    assert [edit.confidence > 0.95 for edit in edits] == [True, False]


def unspecked(text):
    document = Document.parse(text)
    return apply_edits(text, list(drop_strays(document, 0, len(text), speller().model)))


@pytest.mark.parametrize(
    ("specked", "clean"),
    [
        ("A member of the House r of Commons.", "A member of the House of Commons."),
        ("She n was told that he had gone.", "She was told that he had gone."),
        ("She asked her L to come at once.", "She asked her to come at once."),
        ("The sale was . taking place.", "The sale was taking place."),
        ("_ The men went home.", "The men went home."),
        ("In a most !brutal manner.", "In a most brutal manner."),
        ("He left the. house at noon.", "He left the house at noon."),
        ("There could. be no doubt.", "There could be no doubt."),
        ("Tha~t was~immediately clear.", "That was immediately clear."),
    ],
)
def test_stray_letters_and_marks_go(specked, clean):
    assert unspecked(specked) == clean


@pytest.mark.parametrize(
    "text",
    [
        "Vitamin C and plan B of the phase V trial, one v one.",
        "Area G of the site, letter A to Z, the X factor and the Q fans.",
        "The nationa l budget and on e of his friends.",
        "I don t know, and it s late, he d go.",
        "Wait ... for it - and look: there; it (is).",
        "Pan y vino, una y otra, o sea.",
        "- first\n- second\n* third",
        "about 5 ft. in height, vs. the rest, etc. and so on. it was late.",
        "see ~/notes and ~20 of C~D.",
        "",
    ],
)
def test_letters_and_marks_that_mean_something_stay(text):
    assert unspecked(text) == text


@given(st.text(alphabet="abrt C.,_!'\n", max_size=40))
@settings(max_examples=100, deadline=None)
def test_dropping_strays_only_deletes(text):
    rest = iter(text)
    assert all(char in rest for char in unspecked(text))


def test_quotes_are_drawn_to_what_they_open():
    assert remarked('He said, " I am here." She left.') == 'He said, "I am here." She left.'
    assert remarked('He said "yes" and left.') == 'He said "yes" and left.'
    assert remarked('She said "no " twice.') == 'She said "no " twice.'


@pytest.mark.parametrize(
    ("word", "plain"), [("cỏuple", "couple"), ("áware", "aware"), ("đeath", "death"), ("ĩt", "it")]
)
def test_accents_that_nobody_writes_are_dropped(word, plain):
    assert speller().is_accented(word)
    assert speller().candidates(word)[0][0] == plain


@pytest.mark.parametrize("word", ["couple", "х", "日本", "ß", "12é"])
def test_what_is_no_accented_word_is_none(word):
    assert not speller().is_accented(word)


@pytest.mark.parametrize(("explained", "stands"), [(0.0, True), (0.5, True), (0.51, False)])
def test_a_guess_at_damage_yields_to_what_a_list_explains_better(explained, stands):
    text = "she paid a throwaway"
    start = text.index("throwaway")
    reading = Reading("bill", 0.9, "synonym")
    choice = Choice(start, len(text), "throwaway", (reading,), False, 0.9, explained)
    edit = Edit(start, len(text), "throwaway", "throw away", "full:spelling", 0.5)
    elsewhere = Edit(0, 3, "she", "he", "full:spelling", 0.1)
    assert list(unexplained([elsewhere, edit], [choice])) == [elsewhere, edit][: 1 + stands]


@pytest.mark.parametrize(("garbled", "stands"), [(0.4, True), (0.6, False)])
def test_a_word_that_is_likely_garbled_gets_no_other_capitals(garbled, stands):
    reading = Reading("like", 0.6, "written")
    choice = Choice(7, 11, "peru", (reading,), False, garbled, 0.0)
    edit = Edit(7, 11, "peru", "Peru", "full:case", 0.995)
    assert list(unexplained([edit], [choice])) == [edit] * stands


@pytest.mark.parametrize(
    ("put_back", "word", "stands"),
    [("Inc", "announced", False), ("house", "announced", True), ("Inc", "monday", True)],
)
def test_no_beginning_is_raised_behind_an_abbreviation(put_back, word, stands):
    text = f"they own Harbor firm. {word}"
    reading = Reading(put_back, 0.9, "hypernym")
    choice = Choice(16, 20, "firm", (reading,), False, 0.9, 0.9)
    edit = Edit(22, len(text), word, word.capitalize(), "full:case", 0.995)
    assert list(unexplained([edit], [choice])) == [edit] * stands


@pytest.mark.parametrize(
    ("text", "word", "left"),
    [
        ("The {{keyword}} town met.", "keyword", "The town met."),
        ("The [item] town met.", "item", "The town met."),
        ("The {spin| town met.", "spin", "The town met."),
        ("The %city% town met.", "city", "The town met."),
        ("{name} The town met.", "name", "The town met."),
        ("The town met.\n{name} It sat.", "name", "The town met.\nIt sat."),
        ("The [town} met.", "town", "The [} met."),
        ("The town gave 5% more % of it.", "more", "The town gave 5% % of it."),
        ("rt The town met.", "rt", "The town met."),
    ],
)
def test_a_deleted_word_takes_its_space_and_a_template_field_its_marks_along(text, word, left):
    start = text.index(word)
    reading = Reading("", 0.9, "written")
    edit = Choice(start, start + len(word), word, (reading,), False, 0.9, 0.0).edit(text, "full")
    assert apply_edits(text, [edit]) == left


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        ("{name} rt The town met.", ("name", "rt"), "The town met."),
        ("%name%city% The town met.", ("name", "city"), "The town met."),
        ("In {name} [city] it met.", ("name", "city"), "In it met."),
        ("rt aa bb The town met.", ("rt", "aa", "bb"), "The town met."),
        ("Met.\nrt aa bb\nSat.", ("rt", "aa", "bb"), "Met.\n\nSat."),
    ],
)
def test_deleted_words_side_by_side_take_nothing_twice(text, words, left):
    places = [(text.index(word), word) for word in words]
    reading = (Reading("", 0.9, "written"),)
    choices = tuple(Choice(at, at + len(w), w, reading, False, 0.9, 0.0) for at, w in places)
    made = proposal(text, [Heard((), choices, 2)], "full")
    assert apply_edits(text, made.edits) == left


def test_choices_may_come_in_any_order():
    text = "The rt town met and sat."
    late = Choice(16, 19, "and", (Reading("or", 0.9, "synonym"),), False, 0.9, 0.0)
    early = Choice(4, 6, "rt", (Reading("", 0.9, "written"),), False, 0.9, 0.0)
    made = proposal(text, [Heard((), (late, early), 2)], "full")
    assert apply_edits(text, made.edits) == "The town met or sat."


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        ("the whole coun*try and its gov^ernment", "the whole country and its government"),
        ("a grou|nd-breaking day, th.eir first, an exa:mple", None),
        ("it was bro'ken and the thousa`nds left", "it was broken and the thousands left"),
    ],
)
def test_specks_inside_words_go(damaged, whole):
    clean = whole or "a ground-breaking day, their first, an example"
    assert unspecked(damaged) == clean


@pytest.mark.parametrize(
    "text",
    [
        "She said we're late, he'll wait, and it's o'clock in Hawai'i and Hawai`i.",
        "The Qur'an, the Shi'ite and the ma'am of O'Neill's house.",
        "Read the end.The next one:both are fine;so is this,that and either|or.",
        "A 5*3 grid, f*** it, and **bold** or _so_.",
    ],
)
def test_marks_that_belong_to_a_word_stay(text):
    assert unspecked(text) == text


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("a goyernment-run school", "a government-run school"),
        ("a long-distancc runner", "a long-distance runner"),
        ("the multi-agency talks and the Ocasio-Cortez bill", None),  # a beginning, a name
        ("a well-known long-term plan and a two-fold rise", None),
        ("a qzxv-wide rule, a goyernment-rnn school", None),  # nothing near; both parts
    ],
)
def test_the_misspelt_part_of_a_compound_is_corrected(wrong, right):
    document = Document.parse(wrong)
    edits = list(mend_compounds(document, document.sentences, speller()))
    assert apply_edits(wrong, edits) == (right or wrong)
    assert all(edit.confidence < 0.5 for edit in edits)  # none makes a text count as misspelt


def test_words_run_together_may_be_rare_ones():
    assert mended("They forced him toretract what he said.") == (
        "They forced him to retract what he said."
    )
