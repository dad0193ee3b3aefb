import json
import tarfile

import numpy as np
import pytest
from PIL import Image as Picture
from real_images import SHARED

from keras_gans import data
from keras_gans.data.captions.reading import read_captions
from keras_gans.modalities import Text, Vocabulary


@pytest.fixture
def folder(tmp_path):
    """Three pictures, grey 10, 20 and 30, the last in a sub-folder."""
    (tmp_path / "deep").mkdir()
    for i, name in enumerate(("a.png", "b.png", "deep/c.png"), 1):
        Picture.new("L", (4, 4), 10 * i).save(tmp_path / name)
    return tmp_path


def write(folder, text, name="captions.csv"):
    (folder / name).write_text(text, "utf-8")


GOOD = "file,caption\na.png,red hair\nb.png,blue eyes\ndeep/c.png,red eyes\n"


def said(source, indices=(0, 1, 2)):
    rows = source.rows(np.array(indices), ["prompts"])
    text = source.modalities["prompts"]
    return [text.name_of(ids) for ids in rows["prompts"]]


@pytest.mark.parametrize(
    "name, text, options",
    [
        ("captions.csv", GOOD, {}),
        ("captions.csv", "\ufeff" + GOOD.replace("\n", "\r\n"), {}),
        ("CAPTIONS.CSV", GOOD, {}),
        ("captions.tsv", GOOD.replace(",", "\t"), {}),
        (
            "tags.csv",
            GOOD.replace("file,caption", "path,text"),
            {"captions": "tags.csv", "columns": ["path", "text"]},
        ),
        (
            "captions.jsonl",
            "".join(
                json.dumps({"file": file, "caption": caption}) + "\n\n"
                for file, caption in [
                    ("deep/c.png", "red eyes"),
                    ("b.png", ["blue eyes"]),
                    ("a.png", "red hair"),
                ]
            ),
            {},
        ),
        (
            "quoted.csv",
            'n,file,caption\n1,a.png,"Red,\nhair"\n2,b.png,BLUE eyes!\n'
            "3,deep/c.png,red   eyes",
            {},
        ),
    ],
)
def test_pictures_and_their_captions(folder, name, text, options):
    write(folder, text, name)
    source = data.captioned(folder, **options)
    assert len(source) == 3
    assert said(source) == ["red hair", "blue eyes", "red eyes"]
    images = source.rows(np.arange(3))["images"]
    assert images[:, 0, 0, 0].tolist() == [10, 20, 30]
    assert "sentences of 4 words, up to 2 each" in str(source.report())


def test_a_captions_file_beside_another_folder(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    write(other, GOOD, "tags.csv")
    source = data.captioned(folder, captions=other / "tags.csv")
    assert said(source) == ["red hair", "blue eyes", "red eyes"]


def test_several_captions_are_drawn_by_seed_pass_and_row(folder):
    write(
        folder,
        "file,one,two,three\na.png,red,blue,long\nb.png,red,blue,long\n"
        "deep/c.png,red,blue,long\na.png,short,short,short\n",
    )
    columns = "file,one,two,three"
    source = data.captioned(folder, columns=columns)
    assert source.captions[0] == ["red", "blue", "long", *["short"] * 3]
    assert said(source) == ["red", "red", "red"]  # the first, out of training
    passes = [tuple(said(source.in_pass(i))) for i in range(200)]
    assert [tuple(said(source.in_pass(i))) for i in range(200)] == passes
    assert said(source.in_pass(3), [2]) == [passes[3][2]]
    counts = np.unique([p[1] for p in passes], return_counts=True)
    assert counts[0].tolist() == ["blue", "long", "red"]
    assert counts[1].min() > 45
    assert np.mean([p[0] == "short" for p in passes]) == pytest.approx(0.5, 0.2)
    assert len(set(passes)) > 30  # of 36
    other = data.captioned(folder, columns=columns, seed=1)
    assert [tuple(said(other.in_pass(i))) for i in range(200)] != passes


def test_half_of_the_rows_are_flipped_in_training():
    images = np.arange(16, dtype="uint8").reshape(1, 4, 4, 1).repeat(64, 0)
    source = data.captioned((images, ["red"] * 64), flip=True)
    made = source.in_pass(0).rows(np.arange(64))["images"]
    flipped = (made == images[:, :, ::-1]).all((1, 2, 3))
    assert 16 < flipped.sum() < 48
    assert (made[~flipped] == images[~flipped]).all()
    assert (source.rows(np.arange(64))["images"] == images).all()


@pytest.mark.parametrize(
    "text, options, message",
    [
        (GOOD + "d.png,no\n", {}, r"names are missing.*Received: d.png"),
        (GOOD.replace("a.png,red hair\n", ""), {}, r"no caption in .*a\.png"),
        (GOOD.replace("blue eyes", " "), {}, r"a word.*' ' in line 3 of"),
        (GOOD, {"columns": ["file", "text"]}, r"no text among.*caption"),
        (GOOD, {"columns": ["file"]}, "one of captions at least"),
        (GOOD + "b.png\n", {}, r"another number of columns.*line 5 of"),
        (GOOD + 'b.png,"no', {}, r"line of the captions is broken.*line 5"),
        ('"file,caption\na.png,red', {}, r"is broken: .*line 1 of .*csv"),
        (GOOD + 'b.png,"red\n' + GOOD, {}, r"is broken: .*line 5 of"),
        (GOOD.replace("blue eyes", "???"), {}, r"a word.*'\?\?\?' in line 3"),
        ('file,"cap"tion\na.png,red', {}, r"is broken: .*line 1 of .*csv"),
        ("file,caption\n", {}, "holds no captions"),
        ("", {}, "no file, caption among"),
        (GOOD, {"captions": "a.png"}, r"ends in \.csv"),
        (GOOD.replace("red hair", "?!"), {}, r"Received: '\?!'"),
    ],
)
def test_broken_captions(folder, text, options, message):
    write(folder, text)
    with pytest.raises(ValueError, match=message):
        data.captioned(folder, **options)


@pytest.mark.parametrize(
    "text, message",
    [
        ('{"file": "a.png"}', "no caption among .*line 1 of"),
        ('{"file": "a.png", "caption": []}', "Received: None in line 1"),
        ('{"file": "a.png", "caption": 3}', "Received: 3 in line 1"),
        ('\n{"file": ', "broken: .*line 2 of"),
        ("[1]", "no JSON object.*line 1 of"),
    ],
)
def test_broken_json_lines(folder, text, message):
    write(folder, text, "captions.jsonl")
    with pytest.raises(ValueError, match=message):
        data.captioned(folder)


def test_other_text_than_utf_8(folder):
    (folder / "c.csv").write_bytes("file,caption\na.png,é".encode("latin-1"))
    with pytest.raises(ValueError, match=r"must be UTF-8.*c\.csv"):
        data.captioned(folder)


def test_which_file_of_captions(folder):
    with pytest.raises(ValueError, match=r"which. Received: \[\] in"):
        data.captioned(folder)
    write(folder, GOOD)
    write(folder, GOOD, "more.csv")
    with pytest.raises(ValueError, match=r"\['captions.csv', 'more.csv'\]"):
        data.captioned(folder)
    with pytest.raises(FileNotFoundError, match=r"Received: none\.csv"):
        data.captioned(folder, captions="none.csv")


def test_what_is_missing_can_be_left_out(folder):
    write(folder, GOOD.replace("b.png", "d.png"))
    with pytest.warns(UserWarning) as warned:
        source = data.captioned(folder, corrupt="skip", cache=True)
    messages = [str(w.message) for w in warned]
    assert "1 pictures that" in messages[0] and "left out: d.png" in messages[0]
    assert "1 images have no caption" in messages[1]
    rows = source.rows(np.arange(2))
    assert rows["images"][:, 0, 0, 0].tolist() == [10, 30]
    assert said(source, [0, 1]) == ["red hair", "red eyes"]


def test_arrays_and_npz_files(tmp_path):
    images = np.zeros((3, 4, 4, 3), "uint8")
    captions = ["red hair", "blue eyes", "red eyes"]
    wanted = ["red hair", "blue eyes", "red eyes"]
    assert said(data.captioned((images, captions))) == wanted
    assert said(data.captioned((images, np.array(captions)))) == wanted
    assert said(data.captioned((images, [[c, "red"] for c in captions])))
    np.savez(tmp_path / "set.npz", images=images, captions=captions)
    assert said(data.captioned(tmp_path / "set.npz")) == wanted
    with pytest.raises(ValueError, match=r"no .*'texts'.* among"):
        data.captioned(tmp_path / "set.npz", captions="texts")
    with pytest.raises(ValueError, match="2 captions for"):
        data.captioned((images, captions[:2]))
    with pytest.raises(ValueError, match="Received: b'red'"):
        data.captioned((images, [b"red"] * 3))


@pytest.mark.parametrize(
    "captions, received",
    [
        ([["red"], [], ["blue"]], r"\[\] for image 1,"),
        (["red", "blue", []], r"\[\] for image 2,"),
        (["red", None, "blue"], "None for image 1,"),
        ([float("nan"), "red", "blue"], "nan for image 0,"),
        ([["red", None], "red", "blue"], r"\['red', None\] for image 0,"),
        ([3, "red", "blue"], "3 for image 0,"),
    ],
)
def test_images_without_a_caption_among_arrays(captions, received):
    images = np.zeros((3, 4, 4, 3), "uint8")
    with pytest.raises(ValueError, match=f"strings. Received: {received}"):
        data.captioned((images, captions))


def test_captions_in_the_words_that_a_gan_knows(folder):
    write(folder, GOOD)
    words = Text(Vocabulary(["eyes", "red", "blue"]), 4)
    with pytest.warns(UserWarning, match="not known: hair"):
        source = data.captioned(folder, prompts=words)
    rows = source.rows(np.arange(3))["prompts"].tolist()
    assert rows == [[3, 0, 0, 0], [4, 2, 0, 0], [3, 2, 0, 0]]
    with pytest.warns(UserWarning, match="not known: hair"):
        told = data.captioned(folder).told_as("prompts", words)
    assert told.rows(np.arange(3))["prompts"].tolist() == rows


@pytest.mark.parametrize(
    "name, columns, num, words",
    [
        ("anime64_captions", "file,caption", 100, 18),
        ("emoji64_named", "file,caption", 100, 1315),
        ("coco_captions_80", "file,caption1,caption2,caption5", 80, 631),
    ],
)
@pytest.mark.filterwarnings("ignore:.*are read without")
def test_real_captions(name, columns, num, words, tmp_path):
    path = SHARED / "data" / f"{name}.tar.gz"
    if not path.is_file():
        pytest.skip(f"{path.name} is not here")
    with tarfile.open(path) as archive:
        names = sorted(archive.getnames())
        images = [n for n in names if n.startswith("images/")][:num]
        tables = [n for n in names if n.endswith(".csv")]
        archive.extractall(tmp_path, [*images, *tables], filter="data")
    table = read_captions(tmp_path / tables[0], columns.split(","))
    every = [caption for said in table.values() for caption in said]
    assert len(Vocabulary.from_captions(every).words) == words
    source = data.captioned(tmp_path, 32, columns=columns, corrupt="skip")
    assert len(source) == num
    text = source.modalities["prompts"]
    rows = source.in_pass(0).rows(np.arange(num))
    assert rows["images"].shape == (num, 32, 32, 3)
    pairs = zip(rows["prompts"], source.captions, strict=True)
    for ids, captions in pairs:
        asked = [" ".join(text.vocabulary.split(c)) for c in captions]
        assert text.name_of(ids) in asked
