import numpy as np
import pytest
from keras import ops

from keras_gans.models.styles.growth import Growth, real_at
from keras_gans.networks.growing import channels_at, sizes_of

SIZES = [4, 8, 16]
ROWS = [(4, 0, 100), (8, 40, 60), (16, 80, 0)]


def shares(growth, images):
    found = growth.shares(images).items()
    return {size: float(ops.convert_to_numpy(s)) for size, s in found}


@pytest.mark.parametrize(
    ("images", "size", "eight", "sixteen"),
    [
        (0, 4, 0.0, 0.0),
        (99, 4, 0.0, 0.0),
        (100, 8, 0.0, 0.0),
        (110, 8, 0.25, 0.0),
        (140, 8, 1.0, 0.0),
        (199, 8, 1.0, 0.0),
        (200, 16, 1.0, 0.0),
        (220, 16, 1.0, 0.25),
        (280, 16, 1.0, 1.0),
        (10**9, 16, 1.0, 1.0),
    ],
)
def test_sizes_and_shares_by_hand(images, size, eight, sixteen):
    growth = Growth(ROWS, SIZES)
    assert growth.size_at(images) == size
    assert shares(growth, images) == {8: eight, 16: sixteen}


def test_a_number_is_that_of_each_phase():
    growth = Growth(100, SIZES)
    expected = Growth([(4, 0, 100), (8, 100, 100), (16, 100, 100)], SIZES)
    assert growth.stages == expected.stages
    assert [s.begin for s in growth.stages] == [0, 100, 300]
    assert shares(growth, 350) == {8: 1.0, 16: 0.5}


def test_zero_is_full_size_from_the_beginning():
    growth = Growth(0, SIZES)
    assert growth.size_at(0) == 16
    assert shares(growth, 0) == {8: 1.0, 16: 1.0}


def test_a_phase_of_no_images_is_left_out():
    growth = Growth([(4, 0, 0), (8, 0, 5), (16, 0, 0)], SIZES)
    assert [growth.size_at(n) for n in (0, 4, 5)] == [8, 8, 16]
    assert shares(growth, 4) == {8: 1.0, 16: 0.0}
    assert shares(growth, 5) == {8: 1.0, 16: 1.0}


def test_reads_as_a_table():
    lines = repr(Growth([(4, 0, 1000), (8, 20, 50), (16, 80, 7)], SIZES))
    assert [line.split() for line in lines.splitlines()[1:]] == [
        ["4x4", "0", "-", "1,000"],
        ["8x8", "1,000", "1,020", "1,070"],
        ["16x16", "1,070", "1,150", "the", "end"],
    ]
    assert len({len(line) for line in lines.splitlines()}) == 1


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        ([(4, 0, 9), (8, 9, 9)], r"reach full size, 16.*sizes \[4, 8\]"),
        ([], r"reach full size, 16.*sizes \[\]"),
        ([*ROWS, (32, 9, 9)], r"exceed .* 16.*sizes \[4, 8, 16, 32\]"),
        ([(4, 0, 9), (12, 9, 9), (16, 9, 9)], r"two.*sizes \[4, 12, 16\]"),
        (ROWS[1:], r"sizes \[8, 16\]"),
        ([(4, 3, 9), *ROWS[1:]], r"fade in from.*Received: \(4, 3, 9\)"),
        ([(4, 0, -9), *ROWS[1:]], r"at least 0.*Received: \(4, 0, -9\)"),
        ([(4, 0, 0.5), *ROWS[1:]], r"at least 0.*Received: \(4, 0, 0.5\)"),
        ([(4, 0), *ROWS[1:]], r"a row.*Received: \(4, 0\)"),
        (-1, r"at least 0.*Received: \(4, 0, -1\)"),
        ([(4, 0, 2**31), *ROWS[1:]], "by 2,147,483,647.*Received: 2,147,4"),
    ],
)
def test_refuses_schedules(schedule, message):
    with pytest.raises(ValueError, match=message):
        Growth(schedule, SIZES)


def test_full_size_may_come_with_the_last_image_that_can_be_counted():
    last = 2**31 - 1
    growth = Growth([(4, 0, last - 7), (8, 0, 0), (16, 7, 0)], SIZES)
    assert growth.size_at(last) == 16
    with pytest.raises(ValueError, match="Received: 2,147,483,648"):
        Growth([(4, 0, last - 7), (8, 0, 0), (16, 8, 0)], SIZES)


def test_real_images_are_averaged_and_blended():
    images = np.zeros((1, 8, 8, 1), "float32")
    images[0, :2, :2, 0] = [[1.0, 3.0], [5.0, 7.0]]  # a mean of 4
    images[0, 2:4, :2, 0] = 8.0
    tensor = ops.convert_to_tensor(images)
    small = ops.convert_to_numpy(real_at(tensor, 4))[0, :, :, 0]
    assert small[0, 0] == 4.0 and small[1, 0] == 8.0 and small.sum() == 12.0
    # Their mean with two zeros is 3: a quarter of the way back from it.
    blended = ops.convert_to_numpy(real_at(tensor, 4, 0.25))[0, :, :, 0]
    np.testing.assert_allclose(blended[:2, :2], [[3.25, 2.25], [4.25, 2.25]])
    assert not blended[2:].any() and not blended[:, 2:].any()
    whole = ops.convert_to_numpy(real_at(tensor, 8, 1.0))
    np.testing.assert_array_equal(whole, images)


def test_sizes_and_channels_of_the_paper():
    sizes = sizes_of((1024, 1024, 3))
    assert sizes == [4, 8, 16, 32, 64, 128, 256, 512, 1024]
    assert [channels_at(s, 512) for s in sizes] == [
        *[512] * 4,
        *[256, 128, 64, 32, 16],
    ]
    assert channels_at(256, 4) == 1


@pytest.mark.parametrize("schedule", [1e3, None, True, [4, 8, 16], "1000"])
def test_what_is_no_schedule(schedule):
    with pytest.raises(ValueError, match="Received"):
        Growth(schedule, SIZES)
