import json
import pathlib
import sys

import keras
import numpy as np
import PIL
import pytest

from keras_gans.metrics import MetricRecord

ZOO = pathlib.Path(__file__).parents[2] / "zoo"


def make_record(**changes):
    values = {"metric": "kid", "value": 0.5, "feature_network": "net"}
    values |= {"feature_network_checksum": "ab", "num_real": 9, "num_fake": 8}
    return MetricRecord(**values | changes)


def test_a_record_comes_back_from_its_line(tmp_path):
    record = make_record(
        resize="clean", split="test", details={"deviation": 0.01, "k": 3}
    )
    record.append_to(tmp_path / "results.jsonl")
    record.append_to(tmp_path / "results.jsonl")
    lines = (tmp_path / "results.jsonl").read_text().splitlines()
    assert [MetricRecord.from_dict(json.loads(x)) for x in lines] == [
        record
    ] * 2
    assert json.loads(lines[0])["name"] == "kid[net]"


def test_versions_of_what_changes_numbers():
    versions = make_record().versions
    backend = keras.backend.backend()
    assert versions["backend"] == backend
    assert versions[backend] == sys.modules[backend].__version__
    assert versions["numpy"] == np.__version__
    assert versions["pillow"] == PIL.__version__


def test_records_of_the_zoo_can_be_read():
    read = 0
    for path in ZOO.glob("*/metadata.json"):
        for values in json.loads(path.read_text())["metadata"]["metrics"]:
            record = MetricRecord.from_dict(values)
            assert record.name == values["name"]
            assert record.versions == values["versions"]
            read += 1
    assert read


def test_as_text():
    assert str(make_record()) == "kid[net] 0.5 (8 images against 9)"
    assert str(make_record(num_real=0)) == "kid[net] 0.5 (8 images)"
    assert str(make_record(num_real=None)).endswith(
        "(8 images against unknown)"
    )
    text = str(make_record(details={"deviation": 0.0123}))
    assert "0.5 ± 0.012 (8" in text


def test_what_is_no_record_is_refused():
    with pytest.raises(TypeError, match="colour"):
        MetricRecord.from_dict({"colour": "red"})
