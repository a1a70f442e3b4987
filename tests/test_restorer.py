"""The public API: restoring, replaying, vetoing, thresholds, determinism."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import restore
from restore import Edit, EditError, Restoration, RestoreError, Restorer

SPUN = (
    "Engineers worked through nan night connected Wednesday to strengthen nan dam successful nan "
    "hills, where officials person told astir 6,200 people to beryllium ready to leave astatine "
    "immoderate time. The water successful nan reservoir rose 11 inches betwixt noon and midnight."
)
RESTORED = (
    "Engineers worked through the night on Wednesday to strengthen the dam in the "
    "hills, where officials have told about 6,200 people to be ready to leave at "
    "any time. The water in the reservoir rose 11 inches between noon and midnight."
)
CLEAN = (
    "The council voted on Tuesday to buy the adjacent lot, which belongs to a successful person "
    "from out of town. Nan Goldin\N{RIGHT SINGLE QUOTATION MARK}s nephew, who once mined tin "
    "there, told the meeting that arsenic had been found in the well and that about 40 people "
    "live within a mile of it. The lot costs $120,000; see https://example.org/nan for the plan."
)


class OwnRestorer(Restorer):
    """As a user may extend it."""


@pytest.fixture(scope="module", params=["dictionary", "fast"])
def restorer(request):
    return Restorer.load(mode=request.param)


@pytest.fixture(scope="module")
def fast():
    return Restorer.load(mode="fast")


def test_a_spun_text_comes_back_readable(fast):
    assert fast.restore(SPUN).text == RESTORED


def test_dictionary_mode_undoes_what_is_never_honest():
    text = Restorer.load(mode="dictionary").restore(SPUN).text
    assert "astatine" not in text
    assert "successful" in text  # needs context


def test_clean_text_is_untouched(restorer):
    result = restorer.restore(CLEAN)
    assert result.text == CLEAN
    assert result.edits == ()


def test_auto_is_the_best_mode():
    assert Restorer.load().mode == "full"


def test_how_garbled(fast):
    assert fast.restore(SPUN).garbled_share > 0.2
    assert fast.restore(CLEAN).garbled_share < 0.1
    assert fast.restore("").garbled_share == 0
    assert fast.restore("").text == ""


def test_edits_explain_and_replay(restorer):
    result = restorer.restore(SPUN)
    assert restore.apply_edits(SPUN, result.edits) == result.text
    assert restore.apply_edits(result.text, restore.invert_edits(result.edits)) == SPUN
    for edit in result.edits:
        assert SPUN[edit.start : edit.end] == edit.before != edit.after
        assert 0 <= edit.confidence <= 1
        assert edit.source.split(":")[0] in {"repair", "dictionary", "fast"}


def test_vetoes(fast):
    result = fast.restore(SPUN)
    assert result.apply(reject=range(len(result.edits))) == SPUN
    assert result.apply(reject=lambda edit: edit.before == "nan").count("nan") == 4
    with pytest.raises(EditError, match="no edit has index 99"):
        result.apply(reject={99})


def test_json_both_ways(restorer):
    result = restorer.restore(SPUN)
    assert Restoration.from_json(result.to_json()) == result
    with pytest.raises(EditError, match="not a restoration"):
        Restoration.from_json("{}")
    with pytest.raises(EditError, match="by hand"):
        Restoration.from_json(result.to_json().replace('"text": "Eng', '"text": "eng'))


def test_higher_thresholds_make_fewer_edits():
    sizes = [
        len(Restorer.load(min_confidence=at).restore(SPUN).edits) for at in (0.0, 0.5, 0.9, 1.0)
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[-1]


def test_protected_terms_stay():
    result = Restorer.load(protect=["nan", "successful nan hills"]).restore(SPUN)
    assert result.text.count("nan") == 4


def test_user_entries_are_obeyed_in_every_mode(tmp_path):
    table = tmp_path / "mine.tsv"
    table.write_text("zorn\tthe\nhills\tmountains\n", encoding="utf-8")
    for mode in ("dictionary", "fast"):
        result = Restorer.load(mode=mode, dictionaries=[table]).restore("In zorn hills it snowed.")
        assert result.text == "In the mountains it snowed."
        name = Restorer.load(mode=mode, dictionaries=[table]).restore("It snowed on Zorn for days.")
        assert name.text == "It snowed on the for days."


def test_results_depend_on_nothing_but_the_text(restorer):
    texts = [SPUN, CLEAN, SPUN[:100], "", "nan", SPUN]
    alone = [restorer.restore(text) for text in texts]
    for size in (1, 3, 100):
        assert list(restorer.restore_many(texts, batch_size=size)) == alone
    assert list(restorer.restore_many(texts[::-1]))[::-1] == alone
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(restorer.restore, texts * 3)) == alone * 3


def test_pickles_as_its_arguments(fast):
    assert pickle.loads(pickle.dumps(fast)).restore(SPUN) == fast.restore(SPUN)


def test_restore_many_is_lazy(fast):
    endless = iter(lambda: SPUN[:40], None)
    assert next(fast.restore_many(endless, batch_size=2)).source == SPUN[:40]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"mode": "best-ever"}, "unknown mode 'best-ever'"),
        ({"min_confidence": 1.5}, "probability from 0 to 1"),
        ({"repairs": ["spelling"]}, "spelling"),
        ({"dictionaries": ["/nowhere/x.tsv"]}, "x.tsv"),
        ({"min_confidence": True}, "probability from 0 to 1, not True"),
        ({"mode": "fast", "engine": "torch"}, "uses no network: leave engine='torch' out"),
        ({"engine": "bogus"}, "no engine is called 'bogus'"),
        ({"model": 5}, "model is a folder's path, not 5"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(RestoreError, match=message):
        Restorer.load(**arguments)


@pytest.mark.parametrize(
    ("mode", "garbled", "restored"),
    [
        ("full", "Mayor Resigns Aft Scandal", "Mayor Resigns After Scandal"),
        ("full", "Mayor Resigns After Scandal", "Mayor Resigns After Scandal"),
        ("fast", "Nan Council Votes Connected New Bridge", "The Council Votes On New Bridge"),
    ],
)
def test_headlines_by_themselves(mode, garbled, restored):
    assert Restorer.load(mode=mode).restore(garbled).text == restored


def test_a_quotation_in_another_language_stays():
    quotation = '"Il sindaco non ha ancora deciso di partire."'
    spun = "She said nan council person to beryllium told successful time connected Sunday."
    found = Restorer.load().restore(f"{spun} The paper wrote: {quotation}").text
    assert quotation in found
    assert "the council" in found


def test_bytes_are_refused(fast):
    with pytest.raises(TypeError, match="decode bytes first"):
        fast.restore(b"nan")


def test_a_text_is_no_list_of_texts(fast):
    with pytest.raises(TypeError, match="several texts"):
        fast.restore_many("nan")


@pytest.mark.parametrize("mode", ["dictionary", "fast", "full"])
def test_curly_apostrophes_are_as_good_as_straight_ones(mode):
    """A sentence full of them is no foreign one."""
    straight = "They don't, can't, won't, didn't stay there astatine nan time."
    restorer = Restorer.load(mode=mode)
    found = restorer.restore(straight.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}"))
    assert found.edits
    assert found.edits == restorer.restore(straight).edits


@pytest.mark.parametrize(
    "gap", [" ", "  ", "\t", "\n", "\r\n", " \n", "\n    ", "\u00a0", "\u2009"]
)
def test_phrases_are_found_whatever_the_space(fast, gap):
    spun = f"Leave nan house astatine{gap}immoderate time, or every{gap}bit soon arsenic it rains."
    for line in ("at any time", "as soon as it rains"):
        assert line in " ".join(fast.restore(spun).text.split())


def test_a_phrase_across_a_line_end_keeps_it_if_it_has_room(fast):
    text = "Leave nan house astatine\n  immoderate time, or every\n  bit soon arsenic it rains."
    assert fast.restore(text).text == "Leave the house at\n  any time, or as soon as it rains."


@pytest.mark.parametrize(
    "text",
    [
        '"Thou shalt not kill," she read. "Love thy neighbour as thyself." Graham Stott said no.',
        'A fan wrote, "lol nothin to see, ya gotta luv it, tbh idk what ppl want smh," Stott said.',
        'Run the cmd "sudo apt install vlc" and edit the config; the env var is unset.',
        "Wed: fog early, fair later\nThu: snow showers, min -2C\nFri: dry, calm.",
        "It wisnae me, and I dinnae know who it was, cannae say.",
    ],
)
def test_rare_english_is_no_error(text):
    assert Restorer.load().restore(text).edits == ()


def test_abbreviations_keep_their_letters_in_spun_text():
    text = f"{SPUN} Add meat, e.g. a rump, i.e. beef, and nan salt."
    assert "e.g. a" in Restorer.load().restore(text).text
    assert "i.e. beef" in Restorer.load().restore(text).text


@pytest.mark.parametrize("mode", ["dictionary", "fast", "full"])
@pytest.mark.parametrize("least", [None, 0.99])
def test_a_users_entry_is_obeyed_wherever_it_stands(mode, least, tmp_path):
    table = tmp_path / "own.tsv"
    table.write_text("colour\tcolor\ncentre\tcenter\n")
    own = Restorer.load(mode=mode, dictionaries=[table], min_confidence=least)
    text = own.restore("The Colour of it. In the Centre was colour, near the CENTRE.").text
    assert text == "The Color of it. In the Center was color, near the CENTER."


@pytest.mark.parametrize("mode", ["dictionary", "fast"])
def test_no_repair_is_less_certain_than_asked(mode):
    text = SPUN + "  Th\u00e9 {quick|fast} caf\u00c3\u00a9."
    made = Restorer.load(mode=mode).restore(text).edits
    unsure = {edit.confidence for edit in made if edit.source.startswith("repair:")} - {1.0}
    assert unsure
    kept = Restorer.load(mode=mode, min_confidence=max(unsure) + 0.001).restore(text).edits
    assert not unsure & {edit.confidence for edit in kept if edit.source.startswith("repair:")}


def test_a_restorer_of_ones_own_stays_one_when_pickled():
    own = OwnRestorer.load(mode="dictionary")
    assert type(pickle.loads(pickle.dumps(own))) is OwnRestorer


def test_a_garbled_word_is_not_hidden_by_a_phrase(fast):
    # WordNet knows a Nan River.
    spun = SPUN.replace("through nan night", "near nan river")
    assert "near the river on Wednesday" in fast.restore(spun).text


def test_phrases_that_nobody_writes_are_undone_in_both_modes():
    for mode in ("dictionary", "fast"):
        assert "at any time" in _loaded(mode).restore("Leave astatine immoderate time.").text


def test_repairs_and_words_in_one_go(fast):
    result = fast.restore(SPUN.replace("ready to leave", "ready for the cafÃ© to leave"))
    assert "the café to leave" in result.text
    assert result.text.startswith(RESTORED[:60])


WORDS = st.sampled_from(
    SPUN.split() + CLEAN.split() + ["\n", "don't", "<b>", "x@y.org", "NAN", "é"]
)


@settings(max_examples=80, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=60).map(" ".join)))
def test_any_text_survives(text):
    for mode in ("dictionary", "fast"):
        result = _loaded(mode).restore(text)
        assert restore.apply_edits(text, result.edits) == result.text
        assert all(isinstance(edit, Edit) for edit in result.edits)


_LOADED: dict[str, Restorer] = {}


def _loaded(mode):
    return _LOADED.setdefault(mode, Restorer.load(mode=mode))


def test_line_breaks_stay_where_they_are():
    spun = SPUN.replace("immoderate time", "immoderate\ntime").replace(
        " successful ", "\r\nsuccessful\r\n"
    )
    for mode in ("dictionary", "fast"):
        text = _loaded(mode).restore(spun).text
        assert [c for c in text if c in "\r\n"] == [c for c in spun if c in "\r\n"]


OTHER_LANGUAGES = [
    "La empresa requiere contratar personal para diferentes areas a nivel nacional.",
    "El gobierno informa que las carreteras del norte quedan cerradas hasta nuevo aviso.",
    "Le maire informe que la route reste fermee pour des travaux pendant trois semaines.",
    "O governo informa que as estradas do norte ficam fechadas por causa da neve e da chuva.",
    "Der Rat informiert, dass die Strasse im Norden drei Wochen gesperrt bleibt.",
    "Il comune informa che la strada del nord resta chiusa per lavori fino a nuovo avviso.",
    "De gemeente meldt dat de weg in het noorden drie weken dicht blijft voor onderhoud.",
    "Kommunen oppgir at veien i nord er stengt i tre uker for vedlikehold.",
]


OTHER_ARTICLES = {
    "Portuguese": "As pessoas que moram perto do rio disseram que a ponte está fechada desde"
    " segunda-feira. O prefeito pediu paciência e prometeu que as obras terminam em maio. Quem"
    " precisar atravessar pode usar a balsa até o fim do mês, e as escolas abrem mais tarde.",
    "Italian": "Le persone che vivono vicino al fiume hanno detto che il ponte è chiuso da lunedì."
    " Il sindaco ha chiesto pazienza e ha promesso che i lavori finiscono a maggio. Chi deve"
    " attraversare può usare il traghetto fino alla fine del mese, e aiuta la città.",
    "German": "Die Leute, die am Fluss wohnen, sagen, dass die Brücke seit Montag gesperrt ist."
    " Der Bürgermeister bat um Geduld und versprach, dass die Arbeiten im Mai enden. Wer hinüber"
    " muss, kann bis Ende des Monats die Fähre nehmen, und die Händler bekommen Hilfe.",
}


@pytest.mark.parametrize("mode", ["fast", "full"])
@pytest.mark.parametrize("text", OTHER_ARTICLES.values(), ids=OTHER_ARTICLES)
def test_long_texts_of_other_languages_are_not_taken_for_spun(mode, text):
    """They lack English function words, and their own stand oddly often: a key, it seems."""
    article = "\n\n".join([text] * 3)
    assert Restorer.load(mode=mode).restore(article).text == article


@pytest.mark.parametrize("mode", ["fast", "full"])
def test_other_languages_come_back_as_they_are(mode):
    restorer = Restorer.load(mode=mode)
    for text in [*OTHER_LANGUAGES, "\n\n".join(OTHER_LANGUAGES * 3)]:
        assert restorer.restore(text).text == text


QUOTED = [
    "Nos vemos mañana en la estación a las ocho.",
    "Man muss auch mal verlieren können.",
    "Il y a beaucoup de monde sur la place ce matin.",
    "Vamos sair mais cedo para evitar o trânsito.",
    "Vi ses i morgon under bron vid torget.",
    "Het is mooi weer en de kinderen spelen buiten.",
    "Bon voyage et bonne route.",
    "Ma non troppo.",
]


@pytest.mark.parametrize("quoted", QUOTED)
def test_sentences_of_other_languages_stay_in_misspelt_english(quoted):
    english = "The goverment sadi on Tusday that it woud not pay, and the comittee agreeed. "
    restored = Restorer.load().restore(f"{english}{quoted} {english}").text
    assert quoted in restored
    assert "The government said on Tuesday that it would not pay" in restored


def test_short_sentences_are_corrected_by_one_english_word():
    damaged = (
        "The goverment sadi on Tusday that it woud not pay for the bridge. It muzt wait. "
        "Call your representtaives."
    )
    restored = Restorer.load().restore(damaged).text
    assert restored.endswith("It must wait. Call your representatives.")
