"""What is heard is the code: taken apart and held against each character said alone."""

from __future__ import annotations

import io
import operator
import subprocess
import wave
from array import array
from functools import cache

import pytest
from captcha.models import CaptchaStore

from portal import challenges, limits, voices
from portal.challenges import ALPHABET

LANGUAGES = ["en", "sv", "nl"]
SOUND = "/report/challenge/{}.wav"


@pytest.fixture(autouse=True)
def nothing_counted():
    limits.counters.forget()


def samples_of(sound: bytes) -> array:
    with wave.open(io.BytesIO(sound)) as opened:
        assert (opened.getnchannels(), opened.getsampwidth()) == (1, 2)
        return array("h", opened.readframes(opened.getnframes()))


def segments(samples: array, rate: int, pause: float = 0.6) -> list[array]:
    """What lies between pauses."""
    loud = [at for at, sample in enumerate(samples) if abs(sample) > 1500]
    found, start = [], None
    for here, following in zip(loud, [*loud[1:], len(samples) + rate], strict=False):
        start = here if start is None else start
        if following - here > pause * rate:
            found.append(samples[start : here + 1])
            start = None
    return found


@cache
def alone(language: str, character: str, rate: int) -> array:
    """One character as the voice itself says it, by no code of ours but the words it is given."""
    voice = {"en": "en-gb"}.get(language, language)
    command = ["espeak-ng", "-v", voice, "-s", "125", "-m", "--stdout"]
    words = voices.said(language, character).encode()
    said = subprocess.run(command, input=words, capture_output=True, check=True).stdout
    raw, step = array("h", said[44:]), round(22050 / rate)
    thin = array("h", (sum(raw[at : at + step]) // step for at in range(0, len(raw) - step, step)))
    gain = 28000 / max(map(abs, thin))
    [only] = segments(array("h", (int(sample * gain) for sample in thin)), rate)
    return only


def likeness(one: array, tops: list[int], language: str, character: str) -> float:
    """How like this sound is to this character said alone, where their peaks meet; 0 to 1."""
    other = alone(language, character, voices.RATE)
    if abs(len(one) - len(other)) > 0.25 * len(other):
        return 0.0
    shifts = {there - here for here in tops for there in tops_alone(language, character)}
    likely = sorted(shifts, key=lambda by: correlation(one, other, by, 19))[-2:]
    return max(correlation(one, other, by, 7) for by in likely)


def peaks(samples: array) -> list[int]:
    return sorted(range(len(samples)), key=lambda at: abs(samples[at]))[-5:]


@cache
def tops_alone(language: str, character: str) -> list[int]:
    return peaks(alone(language, character, voices.RATE))


def correlation(one: array, other: array, shift: int, step: int) -> float:
    a, b = (one, other[shift:]) if shift >= 0 else (one[-shift:], other)
    a, b = a[::step], b[::step]
    power = sum(map(operator.mul, a, a)) * sum(map(operator.mul, b, b))
    return sum(map(operator.mul, a, b)) / power**0.5 if power else 0.0


def heard(sound: bytes, language: str) -> str:
    """What this sound says; "?" for what is none of our characters."""
    rate = voices.RATE
    said = ""
    for segment in segments(samples_of(sound), rate):
        tops = peaks(segment)
        scores = {one: likeness(segment, tops, language, one) for one in ALPHABET}
        best = max(scores, key=scores.__getitem__)
        others = max(score for one, score in scores.items() if one != best)
        said += best if scores[best] > 0.9 and others < 0.8 else "?"
    return said


@pytest.mark.parametrize("language", LANGUAGES)
def test_speak_a_code_says_each_of_its_characters(language):
    half = len(ALPHABET) // 2
    for code in (ALPHABET[:half], ALPHABET[half:]):
        assert heard(voices.speak(code, "a-key", language), language) == code


def test_hear_silence_or_another_code_is_noticed():
    """The test above can fail."""
    silence = voices._file(array("h", bytes(2 * voices.RATE * 5)))
    assert heard(silence, "en") == ""
    assert heard(voices.speak("ACD", "a-key", "en"), "en") != "ACE"
    assert heard(voices.speak("ACD", "a-key", "sv"), "en") != "ACD"


@pytest.mark.parametrize("language", LANGUAGES)
def test_say_a_letter_with_a_word_that_begins_with_it(language):
    words = voices._spelling()[language]["words"]
    assert set(words) == {one for one in ALPHABET if one.isalpha()}
    assert all(word.startswith(letter) for letter, word in words.items())
    assert len(set(words.values())) == len(words)


@pytest.mark.django_db
def test_open_the_sound_of_a_challenge_says_its_answer(client):
    made = challenges.issue(purpose="report", kind="picture", level=0, language="en")
    answer = client.get(SOUND.format(made.keys[0]))
    assert answer["Content-Type"] == "audio/wav"
    assert answer["Cache-Control"] == "no-store"
    code = CaptchaStore.objects.get(hashkey=made.keys[0]).challenge
    assert heard(answer.content, "en") == code


@pytest.mark.django_db
def test_open_the_sound_in_the_language_of_the_page(client):
    made = challenges.issue(purpose="report", kind="picture", level=0, language="sv")
    client.cookies["django_language"] = "sv"
    answer = client.get(SOUND.format(made.keys[0]))
    code = CaptchaStore.objects.get(hashkey=made.keys[0]).challenge
    assert heard(answer.content, "sv") == code


@pytest.mark.django_db
def test_open_a_part_of_a_sound(client):
    made = challenges.issue(purpose="report", kind="picture", level=0, language="en")
    address = SOUND.format(made.keys[0])
    whole = client.get(address).content
    part = client.get(address, headers={"Range": "bytes=0-1"})
    assert (part.status_code, part.content) == (206, whole[:2])
    assert part["Content-Range"] == f"bytes 0-1/{len(whole)}"
    assert client.get(address, headers={"Range": "bytes=10-"}).content == whole[10:]
    assert client.get(address, headers={"Range": "bytes=-7"}).content == whole[-7:]
    assert client.get(address, headers={"Range": "bytes=9-2"}).content == whole


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["wav", "png"])
def test_open_what_was_answered_or_ran_out_or_is_in_words_is_gone(client, ending):
    made = challenges.issue(purpose="report", kind="picture", level=1, language="en")
    asked = challenges.issue(purpose="report", kind="question", level=0, language="en")
    code = CaptchaStore.objects.get(hashkey=made.keys[0]).challenge
    assert challenges.spend(made.keys[0], "picture", code)
    CaptchaStore.objects.filter(hashkey=made.keys[1]).update(expiration="2020-01-01T00:00:00Z")
    for key in (*made.keys, *asked.keys, "f" * 40):
        assert client.get(f"/report/challenge/{key}.{ending}").status_code == 410


@pytest.mark.django_db
def test_open_a_sound_again_and_again_ends(client):
    made = challenges.issue(purpose="report", kind="picture", level=0, language="en")
    for _ in range(limits.LISTENS):
        assert limits.may_listen(made.keys[0])
    assert client.get(SOUND.format(made.keys[0])).status_code == 410


@pytest.mark.django_db
def test_open_a_sound_when_too_many_are_made_asks_to_wait(client, monkeypatch):
    monkeypatch.setattr(voices, "PATIENCE_SECONDS", 0.01)
    made = challenges.issue(purpose="report", kind="picture", level=0, language="en")
    for _ in range(voices.AT_A_TIME):
        voices._turn.acquire()
    try:
        answer = client.get(SOUND.format(made.keys[0]))
    finally:
        for _ in range(voices.AT_A_TIME):
            voices._turn.release()
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")


@pytest.mark.django_db
def test_machine_without_a_voice_says_so_and_offers_words(client, settings, rf):
    settings.VOICE_PROGRAM = "no-such-program"
    voices._program.cache_clear()
    try:
        assert not voices.speaks("en")
        made = challenges.issue(purpose="report", kind="picture", level=0, language="en")
        assert client.get(SOUND.format(made.keys[0])).status_code == 410
    finally:
        voices._program.cache_clear()


def test_language_without_a_voice_is_not_spoken():
    assert voices.speaks("en-gb")
    assert not voices.speaks("ar")
    assert not voices.speaks("")
