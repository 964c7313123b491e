"""The demo's figures for pedestrian lights: own drawings that are told apart when they are small."""

import io
from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from mapping.demo.figures import FIGURES, SIZE, Figure, picture, row

SHOWN = 140
"""Pixels, as small as pages show them."""


def light(figure: Figure) -> np.ndarray:
    """Where the figure shines, at the size of pages."""
    image = Image.open(io.BytesIO(picture(figure))).convert("RGB").resize((SHOWN, SHOWN))
    return np.asarray(image)[:, :, 1] > 150


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_figure_fills_its_lens_and_stays_within(figure: Figure) -> None:
    shines = light(figure)
    across, down = np.mgrid[:SHOWN, :SHOWN] - (SHOWN - 1) / 2
    assert 0.12 < shines.mean() < 0.4
    assert not shines[np.hypot(across, down) > SHOWN * 0.46].any()


def test_figures_differ() -> None:
    shapes = {figure.name: light(figure) for figure in FIGURES}
    for one, other in combinations(shapes.values(), 2):
        assert (one ^ other).sum() > 0.4 * (one | other).sum()


def test_every_figure_has_words_of_its_own() -> None:
    words = [figure.alt for figure in FIGURES]
    assert len(set(words)) == len(words)
    assert all(20 < len(alt) <= 300 for alt in words)


def test_row_shows_all_in_red_and_green() -> None:
    image = Image.open(io.BytesIO(row(FIGURES))).convert("RGB")
    assert image.size == (SIZE * len(FIGURES) // 2, SIZE // 2)
    colours = np.asarray(image).reshape(-1, 3)
    assert (colours[:, 0] > 200).any()
    assert (colours[:, 1] > 200).any()
