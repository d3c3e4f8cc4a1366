"""Questions in words: many, answerable, in each language of the portal."""

from __future__ import annotations

from itertools import combinations
from math import comb

import pytest

from portal import challenges, questions
from tests.challenges import words_of

LANGUAGES = ["en", "sv", "nl"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_of_two_kinds(language):
    kinds = {name: set(words) for name, words in questions.words(language).items()}
    assert all(len(words) == 15 for words in kinds.values())
    assert not [one & other for one, other in combinations(kinds.values(), 2) if one & other]


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_can_be_typed_and_differ_without_their_accents(language):
    words = [word for kind in questions.words(language).values() for word in kind]
    assert all(word.isalpha() for word in words)
    assert len({challenges.response("question", word) for word in words}) == len(words)


@pytest.mark.parametrize("level", range(4))
@pytest.mark.parametrize("language", LANGUAGES)
def test_make_a_question_can_be_answered_from_its_own_words(language, level):
    for _ in range(20):
        made = questions.make(level, language)
        found = words_of(made.text, language)
        assert sorted(found.split()) == sorted(made.answer)
        assert len(made.answer) == questions.SIZES[level][0]


def test_there_are_many_questions_and_few_lucky_guesses():
    wanted, size = questions.SIZES[0]
    assert 8 * comb(15, wanted) * comb(105, size - wanted) > 10**12
    assert comb(size, wanted) >= 84


def test_make_a_question_in_a_language_without_words_is_english():
    assert questions.words("fi") == questions.words("en")


@pytest.mark.parametrize(
    "typed", ["räv, HÄST och björn", "rav hast bjorn", "björn;häst;räv", "räv räv häst björn"]
)
def test_compare_an_answer_forgives_what_does_not_matter(typed):
    assert challenges.response("question", typed) == challenges.response(
        "question", "björn häst räv"
    )


@pytest.mark.parametrize("typed", ["räv häst", "räv häst björn varg", "rävhästbjörn", ""])
def test_compare_another_answer_is_another(typed):
    assert challenges.response("question", typed) != challenges.response(
        "question", "björn häst räv"
    )
