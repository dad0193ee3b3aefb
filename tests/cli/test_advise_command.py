from keras_gans.planning import advice


def test_advice_for_a_folder(cli, photos, monkeypatch):
    for i, path in enumerate(sorted(photos.iterdir())):
        (photos / f"kind{i % 2}").mkdir(exist_ok=True)
        path.rename(photos / f"kind{i % 2}" / path.name)
    monkeypatch.setattr(
        advice.advise, "__defaults__",
        (*advice.advise.__defaults__[:-1], lambda gan, batch_size: 0.5),
    )  # fmt: skip
    output = cli("advise", photos, "--image-size", 16, "--hours", 10)
    assert "kind0 (20), kind1 (20)" in output
    assert "a class has 20 images: too few" in output
    assert "Zhao" in output
    assert "2 steps of 16 images a second" in output
    assert f"keras-gans train DCGAN --data {photos} --image-size 16" in output
