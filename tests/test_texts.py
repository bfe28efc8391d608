from string import Formatter

import pytest

from bot.errors import ContentError
from bot.settings import SHIPPED_DATA
from bot.texts import ENGLISH, Texts, load_texts

ENGLISH_TOML = """
[done]
new = "Done: {name}"
count = { one = "{n} member", other = "{n} members" }
[done.deep]
er = "Deeper"
"""


@pytest.fixture
def data(tmp_path):
    """A data folder; call it to write a locale."""
    (tmp_path / "locales").mkdir()

    def write(text, locale=ENGLISH):
        file = tmp_path / "locales" / f"{locale}.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    write(ENGLISH_TOML)
    return write


@pytest.fixture
def texts(data):
    return load_texts(
        data('[done]\nnew = "Fertig: {name}"\ncount.one = "eins"\ncount.other = "{n}"', "de")
    )


def test_a_text_is_said_in_the_language_asked_for(texts):
    assert texts.speaking("de")("done.new", name="X") == "Fertig: X"
    assert texts.speaking(ENGLISH)("done.new", name="X") == "Done: X"


@pytest.mark.parametrize("locale", ["de", "fr", None, "", ENGLISH])
def test_english_stands_in_for_what_a_language_lacks(texts, locale):
    assert texts.speaking(locale)("done.deep.er") == "Deeper"


@pytest.mark.parametrize(("n", "said"), [(0, "0 members"), (1, "1 member"), (2, "2 members")])
def test_a_number_chooses_its_text(texts, n, said):
    assert texts.speaking(ENGLISH)("done.count", n=n) == said


@pytest.mark.parametrize(("n", "said"), [(1, "eins"), (5, "5")])
def test_a_number_chooses_in_every_language(texts, n, said):
    assert texts.speaking("de")("done.count", n=n) == said


def test_a_discord_locale_is_known_by_its_code(texts):
    class Locale:
        def __str__(self):
            return "de"

    assert texts.speaking(Locale())("done.new", name="X") == "Fertig: X"


def test_a_value_may_be_called_key_and_may_hold_braces(data):
    texts = load_texts(data('a = "{key} and {name}"'))
    assert texts.speaking(ENGLISH)("a", key="{k}", name="{0}") == "{k} and {0}"


def test_a_key_is_known_or_not(texts):
    known = texts.keys()
    assert "done.new" in known
    assert "done.deep.er" in known
    assert "done" not in known
    assert "done.old" not in known


def test_a_missing_key_is_a_bug_and_says_which(texts):
    with pytest.raises(KeyError, match=r"done\.old"):
        texts.speaking("de")("done.old")


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("b = 1\na = oops\n", "line 2"),
        ('ok = "x"\n[part]\na = "open {brace"', "part.a: expected '}'"),
        ('a = { one = "{n}", other = "n}" }', "a: Single '}'"),
        ("[part]\nnumber = 5", "part.number"),
        ('list = ["a"]', "list"),
        (b'a = "\xff"', "utf-8"),
    ],
)
def test_a_broken_language_is_named_with_the_place(data, broken, reason):
    folder = data(broken, "fr")
    with pytest.raises(ContentError) as error:
        load_texts(folder)
    (problem,) = error.value.problems
    assert problem.startswith("fr.toml: ")
    assert reason in problem


def test_every_broken_language_is_named_at_once(data):
    data("a = {", "fr")
    folder = data("a = 5", "de")
    with pytest.raises(ContentError, match=r"2 problem\(s\)") as error:
        load_texts(folder)
    assert [problem.split(":")[0] for problem in error.value.problems] == ["de.toml", "fr.toml"]


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_without_english_is_refused(tmp_path, there):
    if there:
        (tmp_path / "locales").mkdir()
    with pytest.raises(ContentError, match=r"en-US\.toml is not here; is DATA_DIR"):
        load_texts(tmp_path)


def test_every_shipped_text_can_be_filled_in():
    texts = load_texts(SHIPPED_DATA)
    for locale, wording in texts._locales.items():
        for key, text in wording.items():
            forms = text.values() if isinstance(text, dict) else [text]
            names = {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}
            assert all(name.isidentifier() for name in names), f"{locale}: {key}"
            values = dict.fromkeys(names, 1) | {"n": 1}
            assert texts.speaking(locale)(key, **values)


def test_texts_need_no_file():
    assert Texts({ENGLISH: {"a": "A"}}).speaking("xx")("a") == "A"
